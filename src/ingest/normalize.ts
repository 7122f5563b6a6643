import { contentHashOf } from '../events/ids.ts';
import type { ContentHash } from '../events/ids.ts';
import { ownWords } from './borrowed.ts';
import { itemLanguage } from './language.ts';
import type { ParsedItem } from './parsed.ts';
import { cut } from './text.ts';
import { publicUrl } from './url.ts';

export const ITEM_TITLE_CHARS_MAX = 500;
export const ITEM_SUMMARY_CHARS_MAX = 2_000;
/** A headline made from the lead, where the feed gives none. */
const BORROWED_TITLE_CHARS_MAX = 120;
/** A date further ahead of us is a slip: clocks and zones explain two days, not more. */
const AHEAD_MAX_MS = 48 * 60 * 60 * 1000;

/** One item as this house keeps it, whichever feed or archive it came from. */
export interface FeedItem {
  /** The feed's own id, as given; null when it gave none. */
  readonly guid: string | null;
  /**
   * Absolute, without tracking parameters and fragment; null when the feed gave none that can be resolved.
   */
  readonly url: string | null;
  /** Plain text, never empty. */
  readonly title: string;
  /** Plain text, may be empty. */
  readonly summary: string;
  /** UTC, ISO 8601. */
  readonly published: string | null;
  /** BCP 47: the primary subtag, for Chinese with its script. */
  readonly lang: string | null;
}

/** The headline of an item whose feed gives none: the beginning of its lead. */
export function borrowedTitle(summary: string): string {
  return cut(summary, BORROWED_TITLE_CHARS_MAX).trimEnd();
}

/** What an item inherits from its feed. */
export interface FeedContext {
  /** The document's word, or else the dossier's. */
  readonly lang: string | null;
}

/**
 * An item as this house keeps it: bounded, without tracking parameters, with a language, and without a date
 * that lies more than two days ahead of `now`. Null when it has neither title nor summary: there is nothing
 * to read in it.
 */
export function normalizeItem(item: ParsedItem, feed: FeedContext, now: Date): FeedItem | null {
  const words = ownWords(item);
  const summary = cut(words.summary, ITEM_SUMMARY_CHARS_MAX).trimEnd();
  const title = cut(words.title || borrowedTitle(summary), ITEM_TITLE_CHARS_MAX).trimEnd();
  if (title === '') return null;
  return {
    guid: item.id,
    url: item.link === null ? null : publicUrl(item.link),
    title,
    summary,
    published: credible(item.published, now),
    lang: itemLanguage(item.lang ?? feed.lang, `${title}\n${summary}`),
  };
}

function credible(published: string | null, now: Date): string | null {
  if (published === null || Date.parse(published) > now.getTime() + AHEAD_MAX_MS) return null;
  return published;
}

/** The hash under which the words of an item are kept beside the log. */
export function contentOf(item: FeedItem): ContentHash {
  return contentHashOf(item.title, item.summary);
}
