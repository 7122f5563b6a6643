import type { Dossier } from '../dossier/dossier.ts';
import { parseFeedApart } from '../ingest/apart.ts';
import { decode } from '../ingest/decode.ts';
import { boundsAround, nextPollMs } from '../ingest/next-poll.ts';
import { FEED_ITEMS_MAX, FeedParseError } from '../ingest/parsed.ts';
import type { ParsedFeed, ParsedItem } from '../ingest/parsed.ts';
import { writtenDates } from '../ingest/written-dates.ts';
import { zoneOffsetOf } from '../ingest/zone.ts';
import { maxAgeMs } from '../net/max-age.ts';
import type { Looked, Unseen } from './look-at-feed.ts';
import type { PollPace } from './poll-again.ts';

/** Items whose dates are looked up as they are written. */
const WRITTEN_MAX = 2_000;
/** A date further ahead than this is a slip of the feed's; the item is kept without it. */
const AHEAD_MS_MAX = 48 * 60 * 60 * 1000;
const DAY_MS = 86_400_000;
/** Where an item begins: RSS, Atom, a sitemap. */
const ITEM_TAG = /<(?:[a-z]\w*:)?(?:item|entry|url)[\s>]/gi;

/** An item as its feed has it, with its date as it is written; null where it has none, or where that cannot be told. */
export interface CloseItem extends ParsedItem {
  readonly written: string | null;
}

/** What a person wants to know of a document beside its items. */
export interface CloseLook extends Pick<ParsedFeed, 'hints' | 'self' | 'hubs' | 'report'> {
  readonly items: readonly CloseItem[];
  /** Items without a date, with one nobody can read, and with one too far ahead to be believed. */
  readonly undated: number;
  readonly unreadable: number;
  readonly future: number;
  /** Items beyond FEED_ITEMS_MAX, which are left out. */
  readonly beyond: number;
  /** Items of a day, over the time that their dates span; null where those say too little. */
  readonly itemsPerDay: number | null;
  /** How long after this look a new feed would be polled again, in ms, chance left out. */
  readonly nextPollMs: number;
  /** How far the server's clock is ahead of ours, in ms; null where it does not say. */
  readonly clockAheadMs: number | null;
}

function itemsPerDay(times: readonly number[]): number | null {
  if (times.length < 3) return null;
  const span = Math.max(...times) - Math.min(...times);
  return span < DAY_MS / 24 ? null : ((times.length - 1) * DAY_MS) / span;
}

/** How many items a document holds beyond those that are read, by their tags; of JSON that is not counted. */
function beyondMax(text: string, read: number): number {
  if (read < FEED_ITEMS_MAX) return 0;
  const tags = text.match(ITEM_TAG)?.length ?? 0;
  return Math.max(0, tags - FEED_ITEMS_MAX);
}

type Pace = Pick<PollPace, 'pollIntervalMs' | 'pollMsMin' | 'pollMsMax'>;

/**
 * Reads once more what lookAtFeed has read, for all that a poll has no use for; null where nothing can be read. `pace` is that of
 * polling.
 */
export async function lookCloser(
  { answer }: Looked,
  { publisher }: Unseen,
  { publishers }: Pick<Dossier, 'publishers'>,
  now: Date,
  pace: Pace,
): Promise<CloseLook | null> {
  if (answer === null) return null;
  const { body, url, headers } = answer;
  const contentType = headers['content-type'] ?? null;
  const country = publishers.find(({ id }) => id === publisher)?.country ?? '';
  const zoneOffsetMinutes = zoneOffsetOf(country);
  let feed: ParsedFeed;
  try {
    feed = await parseFeedApart(body, { url, contentType, zoneOffsetMinutes });
  } catch (error) {
    if (error instanceof FeedParseError) return null;
    throw error;
  }
  const { text } = decode(body, contentType);
  const dates = writtenDates(text, WRITTEN_MAX);
  // Items that are read otherwise than they stand would get the dates of others.
  const fits = dates.length === Math.min(feed.items.length, WRITTEN_MAX);
  const items = feed.items.map((item, index) => ({ ...item, written: fits ? (dates[index] ?? null) : null }));
  const isAhead = (published: string): boolean => Date.parse(published) > now.getTime() + AHEAD_MS_MAX;
  const times = items.flatMap(({ published }) =>
    published === null || isAhead(published) ? [] : [Date.parse(published)],
  );
  const undated = items.filter(({ published }) => published === null);
  const sent = Date.parse(headers['date'] ?? '');
  const { hints, self, hubs, report } = feed;
  // Its own rhythm is known after a day at the earliest.
  const facts = { now, rhythm: null, hints, maxAgeMs: maxAgeMs(headers), random: 0 };
  return {
    ...{ hints, self, hubs, report, items },
    undated: undated.filter(({ written }) => written === null).length,
    unreadable: undated.filter(({ written }) => written !== null).length,
    future: items.filter(({ published }) => published !== null && isAhead(published)).length,
    beyond: beyondMax(text, items.length),
    itemsPerDay: itemsPerDay(times),
    nextPollMs: nextPollMs(facts, boundsAround(pace.pollIntervalMs, pace.pollMsMin, pace.pollMsMax)),
    clockAheadMs: Number.isNaN(sent) ? null : sent - now.getTime(),
  };
}
