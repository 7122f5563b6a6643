import type { FeedId } from '../events/ids.ts';
import type { HostWait } from '../query/host-waits.ts';
import type { Expectation } from '../query/silence.ts';
import { partOfWeek } from './moment.ts';
import { counted, durationText } from './words.ts';

/** `every ≤ 40 min`, or that it is not known yet. */
export function everyText(expectation: Expectation | undefined): string {
  const normalMs = expectation?.normalSilenceMs ?? null;
  return normalMs === null ? 'not known yet' : `every ≤ ${durationText(normalMs)}`;
}

/** `silent for 3 h, expected every ≤ 40 min on weekday mornings`; empty where the silence is normal. */
export function silenceText(expectation: Expectation, now: Date, zone: string): string {
  if (!expectation.silentTooLong) return '';
  const { silentMs } = expectation;
  return `silent for ${durationText(silentMs)}, expected ${everyText(expectation)} on ${partOfWeek(now, zone)}`;
}

/** A line for each feed that is silent for longer than is normal; empty where none is. */
export function silenceLines(
  expectations: ReadonlyMap<FeedId, Expectation>,
  now: Date,
  zone: string,
): string {
  return [...expectations]
    .map(([feed, expectation]) => [feed, silenceText(expectation, now, zone)])
    .filter(([, text]) => text !== '')
    .map(([feed, text]) => `  ${feed ?? ''}: ${text ?? ''}\n`)
    .join('');
}

/** A line for each host that keeps feeds waiting; empty where none does. */
export function waitLines(waits: ReadonlyMap<FeedId, HostWait>, now: Date): string {
  const hosts = new Map([...waits.values()].map((wait) => [wait.host, wait]));
  return [...hosts.values()]
    .map(({ host, feeds, freeAt }) => {
      const pause = freeAt > now ? `, the next in ${durationText(freeAt.getTime() - now.getTime())}` : '';
      return `  ${host}: ${counted(feeds, 'feed is', 'feeds are')} due, polled one at a time${pause}\n`;
    })
    .join('');
}
