// What Node, OpenSSL and undici say by codes, in the words of whoever reads why a feed does not come.

const NOT_TRUSTED =
  'its certificate is not trusted: who issued it is not known here, or one in between is missing';
const SELF_SIGNED = 'its certificate is not trusted: it is signed by itself';
const OTHER_HOST = 'its certificate is that of another host name';
const CLOSED = 'the connection was closed before the whole answer had come';
const NO_WAY = 'no way leads from here to the host';
const NOT_ALLOWED = 'this system does not allow the connection';

const BY_CODE: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the name of the host is not found',
  ENODATA: 'the name of the host has no address',
  EAI_AGAIN: 'the name server did not answer',
  EAI_FAIL: 'the name server failed',
  ECONNREFUSED: 'the connection was refused: nothing listens there',
  ECONNRESET: CLOSED,
  EPIPE: CLOSED,
  UND_ERR_SOCKET: CLOSED,
  ECONNABORTED: CLOSED,
  ETIMEDOUT: 'no connection in time',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'no answer in time',
  UND_ERR_BODY_TIMEOUT: 'the answer stopped coming before its end',
  UND_ERR_HEADERS_OVERFLOW: 'the headers of the answer are too large',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'the body is not as long as its Content-Length says',
  EHOSTUNREACH: NO_WAY,
  ENETUNREACH: NO_WAY,
  ENETDOWN: NO_WAY,
  EADDRNOTAVAIL: NO_WAY,
  EACCES: NOT_ALLOWED,
  EPERM: NOT_ALLOWED,
  EMFILE: 'this process has too many files and connections open',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: OTHER_HOST,
  HOSTNAME_MISMATCH: OTHER_HOST,
  DEPTH_ZERO_SELF_SIGNED_CERT: SELF_SIGNED,
  SELF_SIGNED_CERT_IN_CHAIN: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: NOT_TRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: NOT_TRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: NOT_TRUSTED,
  ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there does not speak TLS: is it http and not https?',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there does not speak TLS: is it http and not https?',
};

const TLS_FAILED = 'no TLS connection could be agreed on';
/** Where no code says more, what kind of failure it is. */
const BY_KIND: Readonly<Record<string, string>> = {
  timeout: 'no answer in time',
  tls: TLS_FAILED,
  certificate: 'its certificate cannot be trusted',
  protocol: 'what it answered is not HTTP',
  dns: 'the name server failed',
  aborted: 'given up before the answer had come',
};

/** Errors that speak in words of ours already. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  'BlockedAddress',
  'BodyTooLarge',
  'BodyUnreadable',
  'ProxyUnreachable',
  'TimeoutError',
]);

/** The code of an error as Node, OpenSSL or undici gave it; empty where there is none. */
export function rawCode(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The status in what a proxy answered instead of opening a tunnel, which undici tells in words alone; null for other errors. */
export function proxyStatus(error: Error): string | null {
  return /^Proxy response \((\d{3})\)/.exec(error.message)?.[1] ?? null;
}

/** An error on the way to a server in plain words; `kind` is what it comes to, where its own code says nothing. */
export function errorWords(error: Error, kind: string): string {
  if (OWN_NAMES.has(error.name)) return error.message;
  const status = proxyStatus(error);
  if (status !== null) return `the proxy answered ${status} instead of opening a way to the host`;
  return BY_CODE[rawCode(error)] ?? BY_KIND[kind] ?? 'the connection failed';
}

/** The error as it was thrown, for the record of a process: code and message. */
export function rawText(error: Error): string {
  const code = rawCode(error);
  const message = error.message || error.name;
  return code === '' || message.includes(code) ? message : `${code}: ${message}`;
}
