/** The longest wait a server can ask for; more than a day is a mistake or malice. */
export const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;

/**
 * Milliseconds a `Retry-After` header (RFC 9110 §10.2.3: seconds, or a date) asks to wait from `now`, between
 * 0 and RETRY_AFTER_MAX_MS; null when there is none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1000, RETRY_AFTER_MAX_MS);
  // An HTTP date names its zone (GMT), so reading it does not depend on the host's.
  if (!/GMT$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now.getTime(), 0), RETRY_AFTER_MAX_MS);
}
