/** `1 feed`, `3 feeds`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const STEP = 1024;

/** `512 MiB`, `1.5 GiB`. */
export function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(STEP)));
  const value = bytes / STEP ** power;
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.floor(value).toString()} ${UNITS[power] ?? ''}`;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A span of time for people, in its largest unit or two: `4 s`, `12 min`, `3 h 20 min`, `2 d 5 h`. */
export function durationText(ms: number): string {
  if (ms < SECOND_MS) return `${Math.round(ms)} ms`;
  if (ms < MINUTE_MS) return `${Math.floor(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.floor(ms / MINUTE_MS)} min`;
  const [unitMs, unit, partMs, part] =
    ms < DAY_MS ? ([HOUR_MS, 'h', MINUTE_MS, 'min'] as const) : ([DAY_MS, 'd', HOUR_MS, 'h'] as const);
  const rest = Math.floor((ms % unitMs) / partMs);
  return `${Math.floor(ms / unitMs)} ${unit}${rest === 0 ? '' : ` ${rest} ${part}`}`;
}

/** `4 min ago`, or `never`. */
export function agoText(at: Date | null, now: Date): string {
  return at === null ? 'never' : `${durationText(Math.max(0, now.getTime() - at.getTime()))} ago`;
}

/** A title for people. An item always has one; what has none had its words taken down. */
export function shownTitle(title: string): string {
  return title === '' ? '(taken down)' : title;
}
