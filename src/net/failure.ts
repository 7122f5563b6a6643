import { BlockedAddress } from './address.ts';
import { BodyTooLarge, BodyUnreadable } from './body.ts';
import { errorWords, proxyStatus, rawCode, rawText } from './error-words.ts';
import { withoutPasswords } from '../log/without-passwords.ts';

/**
 * What kept an HTTP request from an answer. `dns` is a resolver that gave none, `no-such-host` one that knows there is
 * none; `tls` a handshake that failed, `certificate` one that must not be trusted; `proxy` the operator's proxy out of
 * order, `proxy-refused` one that will not; `aborted` the caller's own signal.
 */
export type HttpFailureCode =
  | 'timeout'
  | 'too-large'
  | 'too-many-redirects'
  | 'bad-redirect'
  | 'dns'
  | 'no-such-host'
  | 'refused'
  | 'blocked-address'
  | 'bad-url'
  | 'bad-encoding'
  | 'tls'
  | 'certificate'
  | 'protocol'
  | 'proxy'
  | 'proxy-refused'
  | 'aborted'
  | 'network';

export interface HttpFailure {
  readonly kind: 'failed';
  readonly code: HttpFailureCode;
  /** One sentence for people, naming the URL. */
  readonly reason: string;
  /** What Node, OpenSSL or undici threw, for the record of the process; absent where the words are all there is. */
  readonly raw?: string;
}

/** No connection to the proxy: nothing that the host behind it did. */
export class ProxyUnreachable extends Error {
  override readonly name = 'ProxyUnreachable';
  constructor(proxy: URL, cause: Error) {
    const error = told(cause);
    super(`no connection to the proxy ${proxy.host}: ${errorWords(error, codeOf(error))}`, { cause });
  }
}

const BY_CODE: Readonly<Record<string, HttpFailureCode>> = {
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  UND_ERR_HEADERS_OVERFLOW: 'too-large',
  ENOTFOUND: 'no-such-host',
  ENODATA: 'no-such-host',
  EAI_AGAIN: 'dns',
  EAI_FAIL: 'dns',
  ECONNREFUSED: 'refused',
  EPROTO: 'tls',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'protocol',
};

const BY_NAME: Readonly<Record<string, HttpFailureCode>> = {
  TimeoutError: 'timeout',
  AbortError: 'aborted',
  // Its code is a number at times, and none at others.
  HTTPParserError: 'protocol',
};

// Node names a certificate's fault by OpenSSL's name for it (X509_V_ERR_… without the beginning).
const CERTIFICATE =
  /^(?:CERT_|ERR_TLS_CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|CRL_|INVALID_(?:CA|PURPOSE)|HOSTNAME_MISMATCH)/;

function codeOfName(code: string): HttpFailureCode {
  const known = BY_CODE[code];
  if (known !== undefined) return known;
  if (CERTIFICATE.test(code)) return 'certificate';
  if (/^ERR_(?:TLS|SSL)/.test(code)) return 'tls';
  return 'network';
}

/** What a proxy says that does not open a tunnel and never will. */
const PROXY_REFUSALS = new Set(['401', '403', '407', '451']);

/** What a proxy answered instead of opening a tunnel. */
function proxyAnswer(error: Error): HttpFailureCode | null {
  const status = proxyStatus(error);
  if (status === null) return null;
  return PROXY_REFUSALS.has(status) ? 'proxy-refused' : 'proxy';
}

function codeOf(error: Error): HttpFailureCode {
  if (error instanceof BlockedAddress) return 'blocked-address';
  if (error instanceof BodyTooLarge) return 'too-large';
  if (error instanceof BodyUnreadable) return 'bad-encoding';
  if (error instanceof ProxyUnreachable) return 'proxy';
  const answered = proxyAnswer(error);
  if (answered !== null) return answered;
  const named = BY_NAME[error.name];
  if (named !== undefined) return named;
  return codeOfName(rawCode(error));
}

/** Happy Eyeballs gives one error for every address it tried; the first tells enough. */
function told(error: Error): Error {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  return first instanceof Error ? first : error;
}

/** A failure on the way to `url`, in words of ours. */
export function failed(
  url: string,
  code: HttpFailureCode,
  words: string,
  raw: string | null = null,
): HttpFailure {
  // Reasons end up in the log, where no password belongs.
  return { kind: 'failed', code, reason: `${withoutPasswords(url)}: ${words}`, ...(raw !== null && { raw }) };
}

/** The failure that an error thrown on the way to `url` means. */
export function failureOf(url: string, thrown: unknown): HttpFailure {
  const error = told(thrown instanceof Error ? thrown : new Error(String(thrown)));
  const code = codeOf(error);
  const words = errorWords(error, code);
  const raw = rawText(error.cause instanceof Error && words === error.message ? told(error.cause) : error);
  return failed(url, code, words, raw === words ? null : raw);
}
