/** The longest wait a server can ask for; more than a day is a mistake or malice. */
export const RETRY_AFTER_MAX_MS = 24 * 60 * 60 * 1000;

// RFC 9110 §5.6.7: the form of today and that of RFC 850 end in GMT; that of asctime, which has no zone, means it.
const WITH_ZONE = /^[A-Z][a-z]{2,8}, [\w -]{9,11} \d{2}:\d{2}:\d{2} GMT$/;
const ASCTIME = /^[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/;

/**
 * Milliseconds a `Retry-After` header (RFC 9110 §10.2.3: seconds, or a date) asks to wait from `now`, between
 * 0 and RETRY_AFTER_MAX_MS; null when there is none that can be read.
 */
export function retryAfterMs(header: string | undefined, now: Date): number | null {
  const text = header?.trim() ?? '';
  if (/^\d{1,10}$/.test(text)) return Math.min(Number(text) * 1000, RETRY_AFTER_MAX_MS);
  if (!WITH_ZONE.test(text) && !ASCTIME.test(text)) return null;
  const at = Date.parse(text.endsWith('GMT') ? text : `${text} GMT`);
  return Number.isNaN(at) ? null : Math.min(Math.max(at - now.getTime(), 0), RETRY_AFTER_MAX_MS);
}
