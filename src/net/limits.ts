export interface HttpLimits {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** From the request sent to the first byte of the answer. */
  readonly firstByteMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  /** From the call to the last byte, redirects included: what a trickling body cannot outlive. */
  readonly totalMs: number;
  readonly packedBytesMax: number;
  readonly unpackedBytesMax: number;
  readonly redirectsMax: number;
}

export const HTTP_LIMITS: HttpLimits = {
  connectMs: 10_000,
  firstByteMs: 20_000,
  idleMs: 15_000,
  totalMs: 60_000,
  packedBytesMax: 8 * 1024 * 1024,
  unpackedBytesMax: 16 * 1024 * 1024,
  redirectsMax: 5,
};
