import type { HttpFailure } from './failure.ts';

export interface Redirect {
  readonly from: string;
  readonly to: string;
  readonly status: number;
}

/** An answer of any status. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** The URL that answered, after redirects; without credentials, as links are resolved against it and logs name it. */
  readonly url: string;
  readonly redirects: readonly Redirect[];
  /** By lower-case name; a header sent twice is joined by a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /** Unpacked. */
  readonly body: Uint8Array;
  /** Whether the request that got this answer named a copy we have; one that a redirect led elsewhere does not. */
  readonly conditional?: boolean;
}

export type HttpOutcome = HttpAnswer | HttpFailure;
