/** Nothing was captured before: feeds are younger. */
const EARLIEST_MS = Date.UTC(1999, 0, 1);

const STAMP =
  /(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?:[T_. -]?(\d{2})[.:_-]?(\d{2})(?:[.:_-]?(\d{2}))?)?(?:Z|(?!\d))/g;
const EPOCH = /(?<!\d)(\d{10})(?:\d{3})?(?!\d)/g;

/**
 * When a feed file was captured, as its name says it (`bbc-2026-01-05T0800.xml`, `20260105080000.rss`, seconds or milliseconds of
 * the epoch; UTC); null where the name says nothing that can be, as seen at `now`.
 */
export function capturedAtOf(name: string, now: Date): Date | null {
  const stamped = [...name.matchAll(STAMP)].map(([, ...parts]) => {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(
      (part: string | undefined) => Number(part ?? 0),
    );
    const at = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
    // The 31st of February, or a number that only looks like a date.
    return at.getUTCMonth() === month - 1 && at.getUTCDate() === day && hour < 24 && minute < 60
      ? at.getTime()
      : NaN;
  });
  const counted = [...name.matchAll(EPOCH)].map(([, seconds]) => Number(seconds) * 1000);
  const found = [...stamped, ...counted].find((at) => at >= EARLIEST_MS && at <= now.getTime());
  return found === undefined ? null : new Date(found);
}
