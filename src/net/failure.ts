import { BlockedAddress } from './address.ts';
import { BodyTooLarge, BodyUnreadable } from './body.ts';

/** What kept an HTTP request from an answer. `aborted` is the caller's own signal. */
export type HttpFailureCode =
  | 'timeout'
  | 'too-large'
  | 'too-many-redirects'
  | 'bad-redirect'
  | 'dns'
  | 'refused'
  | 'blocked-address'
  | 'bad-url'
  | 'bad-encoding'
  | 'tls'
  | 'protocol'
  | 'aborted'
  | 'network';

export interface HttpFailure {
  readonly kind: 'failed';
  readonly code: HttpFailureCode;
  /** One sentence for people, naming the URL. */
  readonly reason: string;
}

const BY_CODE: Readonly<Record<string, HttpFailureCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ENODATA: 'dns',
  ECONNREFUSED: 'refused',
  EPROTO: 'tls',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'tls',
  SELF_SIGNED_CERT_IN_CHAIN: 'tls',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'tls',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'tls',
};

function codeOf(error: Error): HttpFailureCode {
  if (error instanceof BlockedAddress) return 'blocked-address';
  if (error instanceof BodyTooLarge) return 'too-large';
  if (error instanceof BodyUnreadable) return 'bad-encoding';
  if (error.name === 'TimeoutError') return 'timeout';
  if (error.name === 'AbortError') return 'aborted';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (/^(?:ERR_TLS|ERR_SSL|CERT_)/.test(code)) return 'tls';
  return code.startsWith('HPE_') ? 'protocol' : 'network';
}

/** Reasons end up in the log, where no password belongs. */
function withoutPassword(url: string): string {
  return url.replace(/\/\/[^/?#@]*@/, '//…@');
}

/** The failure that an error thrown on the way to `url` means. */
export function failureOf(url: string, thrown: unknown): HttpFailure {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  // Happy Eyeballs gives one error for every address it tried; the first tells enough.
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const told = first instanceof Error ? first : error;
  return {
    kind: 'failed',
    code: codeOf(told),
    reason: `${withoutPassword(url)}: ${told.message || told.name}`,
  };
}
