import type { FeedId } from '../events/ids.ts';
import type { HostWait } from '../query/host-waits.ts';
import type { ListedFeed } from '../query/lists.ts';
import type { Expectation } from '../query/silence.ts';
import { everyText } from './feed-rhythm.ts';
import { moment, table, tableColumns } from './output.ts';
import { agoText, durationText } from './words.ts';

/** What the table of feeds is made of. */
export interface FeedTable {
  readonly feeds: readonly ListedFeed[];
  readonly expected: ReadonlyMap<FeedId, Expectation>;
  readonly waits: ReadonlyMap<FeedId, HostWait>;
  /** Feeds that a hub pushes: they are polled less often. */
  readonly pushed: ReadonlySet<FeedId>;
  /** Null where the list is of the past, in which nobody knows how polls went. */
  readonly now: Date | null;
}

/** Columns that health has at least where all the others are shown. */
const HEALTH_COLUMNS_MIN = 24;

function health(feed: ListedFeed, isPast: boolean): string {
  if (feed.statusReason !== null) return `${feed.status}: ${feed.statusReason}`;
  if (feed.failure !== null) return `${feed.failure.kind} trouble, see below`;
  if (feed.nextDueAt === null && feed.url.startsWith('archive:')) return 'imported, not polled';
  return feed.lastOutcome ?? (isPast ? '' : 'not polled yet');
}

/** What is switched on, in the words of "feeds set". */
function switchedOn({ options }: ListedFeed): string {
  return [options.fullText ? 'full text' : '', options.allowPrivate ? 'private' : '']
    .filter((word) => word !== '')
    .join(', ');
}

/** When a feed is asked again, and why not as its rhythm has it: `in 4 min`, `in 2 h, backing off`, `now, host busy`, `paused`. */
export function nextText(
  feed: ListedFeed,
  { waits, pushed, now }: Omit<FeedTable, 'feeds' | 'expected'>,
): string {
  if (now === null) return '';
  if (feed.status !== 'active') return feed.status === 'paused' ? 'paused' : 'never';
  if (feed.nextDueAt === null) return '';
  const ms = feed.nextDueAt.getTime() - now.getTime();
  const when = ms > 0 ? `in ${durationText(ms)}` : 'now';
  if (waits.has(feed.feed)) return `${when}, host busy`;
  if (feed.failure !== null) return `${when}, backing off`;
  return pushed.has(feed.feed) ? `${when}, pushed` : when;
}

function wide(shown: FeedTable, columns: number): string | null {
  const { feeds, expected, now } = shown;
  const head = [
    ...['feed', 'status', 'lang', 'options', 'items', 'last item (UTC)', 'expected now', 'last good poll'],
    ...['next poll', 'health'],
  ];
  const rows = feeds.map((feed) => [
    ...[feed.feed, feed.status, feed.lang ?? '', switchedOn(feed), feed.items.toString()],
    ...[moment(feed.lastItemAt), now === null ? '' : everyText(expected.get(feed.feed))],
    ...[moment(feed.lastGoodAt), nextText(feed, shown), health(feed, now === null)],
  ]);
  if (tableColumns(head, rows) + HEALTH_COLUMNS_MIN > columns) return null;
  return table(head, rows, columns);
}

/** On a narrow terminal what one looks for: what comes, when it is asked again, and how it is. */
function narrow(shown: FeedTable, columns: number): string {
  const { feeds, now } = shown;
  const rows = feeds.map((feed) => {
    const options = switchedOn(feed);
    const last = now === null ? moment(feed.lastItemAt) : agoText(feed.lastItemAt, now);
    const trouble =
      feed.statusReason === null && feed.failure !== null ? `${feed.failure.kind} trouble` : null;
    const how = `${trouble ?? health(feed, now === null)}${options === '' ? '' : `; ${options}`}`;
    return [feed.feed, feed.items.toString(), last, nextText(feed, shown), how];
  });
  return table(['feed', 'items', 'last item', 'next poll', 'health'], rows, columns, [0]);
}

/** The table of feeds within `columns`: with all there is to say of each, or on a narrow terminal the chief of it. */
export function feedTable(shown: FeedTable, columns: number): string {
  return wide(shown, columns) ?? narrow(shown, columns);
}
