import { itemIdOf } from '../events/ids.ts';
import type { ItemId } from '../events/ids.ts';
import type { ItemState } from '../events/item.ts';
import { isGoogleNews } from './google-news.ts';
import type { Identified } from './identity.ts';
import { isWhollyOther } from './similar.ts';
import type { Words } from './similar.ts';

/** An item that a key of a sighting leads to. */
export interface Candidate {
  readonly item: ItemId;
  /** As the log tells it; of an item that is claimed and not yet in the log, the initial one. */
  readonly state: ItemState;
  /** The words it has now; null where they were taken down, or nobody looked them up. */
  readonly words: Words | null;
}

/** The item behind each key of a sighting; null where nobody knows the key. */
export interface Candidates {
  readonly link: Candidate | null;
  readonly guid: Candidate | null;
  readonly title: Candidate | null;
}

/** Which article a sighting is. */
export interface Verdict {
  readonly item: ItemId;
  /** By which key it is known; `reused` where a key was known and stands for another article from now on. */
  readonly by: 'link' | 'guid' | 'title' | 'new' | 'reused';
}

const other = ({ words }: Candidate, { item }: Identified): boolean =>
  words !== null && isWhollyOther(words, item);

/** Whether both have a date, and another: an article that is worked over keeps its day, the next one has its own. */
function isAnotherDay({ state }: Candidate, { item }: Identified): boolean {
  const [before, after] = [state.published?.slice(0, 10), item.published?.slice(0, 10)];
  return before !== undefined && after !== undefined && before !== after;
}

/** Leads are cut off at any length, with or without a sign of it. */
const CUT_END = /[\s.…]+$/;
const folded = (text: string): string => text.normalize('NFKC').replace(CUT_END, '').toLowerCase();

/**
 * Whether a headline of the same publisher and day is the same article: where either is seen through Google
 * News, which gives nothing else to know it by, or where the leads are the same or one has none.
 */
function isSameHeadline(candidate: Candidate, { item }: Identified): boolean {
  const { state, words } = candidate;
  // Claimed by somebody who is about to tell the log of it: should the words differ, the append is a conflict, and judged again.
  if (state.item === null) return true;
  if (words === null) return false;
  if (isGoogleNews(item.url) || isGoogleNews(state.url)) return true;
  const [before, after] = [folded(words.summary), folded(item.summary)];
  return before === '' || after === '' || before.startsWith(after) || after.startsWith(before);
}

function byLink(link: Candidate, guid: Candidate | null, sighting: Identified): Verdict {
  const isChangedGuid = sighting.keys.guid !== null && guid?.item !== link.item;
  if (isChangedGuid && other(link, sighting)) {
    // The guid knows it as an article that is more like it: two feeds of one page, one of them late.
    if (guid !== null && guid.words !== null && !other(guid, sighting))
      return { item: guid.item, by: 'guid' };
    if (isAnotherDay(link, sighting)) return reused(sighting);
  }
  return { item: link.item, by: 'link' };
}

function byGuid(guid: Candidate, sighting: Identified): Verdict | null {
  if (!other(guid, sighting)) return { item: guid.item, by: 'guid' };
  if (sighting.keys.link !== null) return null;
  return isAnotherDay(guid, sighting) ? reused(sighting) : { item: guid.item, by: 'guid' };
}

/** The next article under a key that stood for another: its day and guid tell the two apart, at every sighting alike. */
function reused({ key, item }: Identified): Verdict {
  return {
    item: itemIdOf(`${key} again ${item.published?.slice(0, 10) ?? ''} ${item.guid ?? ''}`),
    by: 'reused',
  };
}

/**
 * Which article a sighting is, by the items that its keys lead to:
 *
 * - **A known link is the article**, whatever its words: headlines are rewritten under their link, pages called `Today`
 *   or `Live` too, and what they said before stays readable as revisions. Unless guid, day and wholly all words are
 *   others: then the address is used again (a daily briefing under one URL), and that is another article.
 * - **A known guid under another link is the article**, moved or served under a second address, unless its words are
 *   wholly others: then the guid is used again (numbers that begin anew, ids per section). Without a link to
 *   tell by, it is used again only where the day is another too.
 * - **A known headline of the same publisher and day is the article** where the lead does not contradict it, or where one
 *   of the two came through Google News, whose links do not say where they lead.
 * - Else it is a new one.
 *
 * Words that were taken down cannot be compared: keys count alone then, so that a takedown is not undone by a moved link.
 * A candidate that is claimed but not in the log yet counts as the same article: whoever claimed it read the same sighting, or
 * died before the log heard of it.
 */
export function sameArticle(sighting: Identified, { link, guid, title }: Candidates): Verdict {
  if (link !== null) return byLink(link, guid, sighting);
  const known = guid === null ? null : byGuid(guid, sighting);
  if (known !== null) return known;
  if (title !== null && (sighting.key.startsWith('title ') || isSameHeadline(title, sighting)))
    return { item: title.item, by: 'title' };
  return { item: sighting.itemId, by: 'new' };
}
