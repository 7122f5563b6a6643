import type { AlertMatch } from '../events/alert.ts';
import type { AlertId, EventId, ItemId, PublisherId, RuleId } from '../events/ids.ts';

/** Said of what stands in the page alone, where neither headline nor lead show why somebody is told. */
export const IN_FULL_TEXT = 'in the full text';

/** A match, and where it is to be looked for when headline and lead do not name it. */
export type ToldMatch = AlertMatch & { readonly where?: typeof IN_FULL_TEXT };

/** An alert as a channel gives it to people or programs. */
export interface AlertMessage {
  /** The id of the AlertRaised event: the same at every attempt, so that receivers can drop repeats. */
  readonly id: EventId;
  readonly alert: AlertId;
  readonly rule: { readonly id: RuleId; readonly version: string; readonly title: string };
  readonly item: {
    readonly id: ItemId;
    readonly title: string;
    readonly url: string | null;
    readonly publisher: PublisherId | null;
    readonly lang: string | null;
    /** UTC, ISO 8601. */
    readonly published: string | null;
  };
  readonly matches: readonly ToldMatch[];
  /** Where no match is in headline or lead. */
  readonly where?: typeof IN_FULL_TEXT;
  /** UTC, ISO 8601: when the log got the alert. */
  readonly raisedAt: string;
}

export type SendOutcome =
  | { readonly kind: 'sent'; readonly detail: string }
  /** May succeed later; not before `notBeforeMs` from now when the receiver said so. */
  | { readonly kind: 'again'; readonly reason: string; readonly notBeforeMs: number | null }
  /** Will not succeed: the receiver refused it for good, or the channel is not set up. */
  | { readonly kind: 'never'; readonly reason: string };

/** Where alerts go. `send` gives what happened and does not throw for anything the other side does. */
export interface Channel {
  readonly name: string;
  send(message: AlertMessage, now: Date): Promise<SendOutcome>;
}
