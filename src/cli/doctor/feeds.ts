import { messageOf } from '../output.ts';
import type { ListedFeed } from '../../query/lists.ts';
import type { FeedId } from '../../events/ids.ts';
import type { Expectation } from '../../query/silence.ts';
import { everyText } from '../feed-rhythm.ts';
import { agoText, counted, durationText } from '../words.ts';
import { ok, someOf, warn } from './finding.ts';
import type { Finding } from './finding.ts';

const NAME = 'feeds';
/** A feed that is due is polled within seconds; one that waits longer has nobody to poll it. */
const OVERDUE_MS_MAX = 5 * 60_000;
/** Feeds that are named one by one. */
const LINES_MAX = 5;

function oldest(feeds: readonly ListedFeed[]): Date | null {
  const times = feeds.flatMap(({ nextDueAt }) => (nextDueAt === null ? [] : [nextDueAt.getTime()]));
  return times.length === 0 ? null : new Date(Math.min(...times));
}

function shown(lines: readonly string[]): string[] {
  const more = lines.length - LINES_MAX;
  return [...lines.slice(0, LINES_MAX), ...(more > 0 ? [`and ${more} more`] : [])];
}

function inTrouble(feeds: readonly ListedFeed[], now: Date): Finding[] {
  const troubled = feeds.filter(({ failure }) => failure !== null);
  if (troubled.length === 0) return [];
  const lines = troubled.map(
    ({ feed, failure, failingSince }) =>
      `${feed}: ${messageOf(failure?.reason ?? '')} (since ${agoText(failingSince, now)})`,
  );
  const head = `${troubled.length} of ${counted(feeds.length, 'active feed')} in trouble:`;
  return [
    warn(
      NAME,
      [head, ...shown(lines)].join('\n'),
      'See "shuttlewatch feeds list"; a feed that has moved or gone is mended in the dossier’s feeds.opml.',
    ),
  ];
}

/** Feeds that answer and bring nothing new: what nobody notices who looks for errors. */
function tooSilent(silent: ReadonlyMap<FeedId, Expectation>): Finding[] {
  if (silent.size === 0) return [];
  const lines = [...silent].map(
    ([feed, expectation]) =>
      `${feed}: for ${durationText(expectation.silentMs)}, expected ${everyText(expectation)}`,
  );
  const head = `${counted(silent.size, 'feed')} silent for longer than is normal:`;
  return [
    warn(
      NAME,
      [head, ...shown(lines)].join('\n'),
      'They answer, so look at what they hold: "shuttlewatch feeds check <id>". A list that is kept up no longer is mended in the dossier’s feeds.opml.',
    ),
  ];
}

function overdue(feeds: readonly ListedFeed[], now: Date, isPolled: boolean): Finding[] {
  const late = feeds.filter(
    ({ nextDueAt }) => nextDueAt !== null && now.getTime() - nextDueAt.getTime() > OVERDUE_MS_MAX,
  );
  const since = oldest(late);
  if (since === null) return [];
  return [
    warn(
      NAME,
      `${counted(late.length, 'feed')} due and not polled, the first for ${durationText(now.getTime() - since.getTime())}: ${someOf(late.map(({ feed }) => feed))}`,
      isPolled
        ? 'Somebody has the role ingest and does not get to them: look at the ingest queue and at that process’s log.'
        : 'Nobody polls: start "shuttlewatch up", or work with the role ingest.',
    ),
  ];
}

/** Whether feeds are polled, answer, and bring what they use to; `silent` are those that do not. */
export function feedFindings(
  all: readonly ListedFeed[],
  silent: ReadonlyMap<FeedId, Expectation>,
  now: Date,
  isPolled: boolean,
): Finding[] {
  const feeds = all.filter(({ status, nextDueAt }) => status === 'active' && nextDueAt !== null);
  const findings = [...inTrouble(feeds, now), ...tooSilent(silent), ...overdue(feeds, now, isPolled)];
  if (findings.length > 0) return findings;
  const fresh = feeds.filter(({ lastPolledAt }) => lastPolledAt === null).length;
  return [ok(NAME, stateOf(feeds.length, fresh))];
}

function stateOf(active: number, fresh: number): string {
  if (active === 0) return 'none in the log yet';
  return `${counted(active, 'active feed')}, ${fresh === 0 ? 'all well' : `${fresh} not polled yet`}`;
}
