/** What one call, and one client, may take at most; each can be set smaller, as tests do. */
export interface HttpLimits {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /**
   * From asking to the end of the headers, the connection included, for each hop: headers that trickle in count as a
   * server that does not answer.
   */
  readonly firstByteMs: number;
  /** Between two pieces of the body. */
  readonly idleMs: number;
  /** From the call to the last byte, redirects included: what a trickling body cannot outlive. */
  readonly totalMs: number;
  /** Of all headers of an answer together. */
  readonly headerBytesMax: number;
  readonly packedBytesMax: number;
  readonly unpackedBytesMax: number;
  /** What is read of an answer that is no success: it says why, and nobody parses it. */
  readonly errorBytesMax: number;
  readonly redirectsMax: number;
  /** Calls of a client at once; the next ones wait for their turn, and their time counts from there. */
  readonly callsMax: number;
  /** Connections to one host at once. How often a host is asked is for the caller to say. */
  readonly hostSocketsMax: number;
  /**
   * Connections up to which one is kept open after its answer. With callsMax this bounds all of a client's: no more
   * than both together.
   */
  readonly keptSocketsMax: number;
  /** An idle connection is closed after this, whatever longer time its server offers. */
  readonly keepAliveMs: number;
}

export const HTTP_LIMITS: HttpLimits = {
  connectMs: 10_000,
  firstByteMs: 20_000,
  idleMs: 15_000,
  totalMs: 60_000,
  headerBytesMax: 32 * 1024,
  packedBytesMax: 8 * 1024 * 1024,
  unpackedBytesMax: 16 * 1024 * 1024,
  errorBytesMax: 64 * 1024,
  redirectsMax: 5,
  callsMax: 256,
  hostSocketsMax: 8,
  keptSocketsMax: 256,
  // Longer than the gap between two requests to a host, so that the second finds the connection of the first.
  keepAliveMs: 8_000,
};
