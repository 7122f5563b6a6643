import type { FeedOptions } from '../events/feed.ts';
import { feedId, isSlug, publisherId } from '../events/ids.ts';
import type { FeedId, PublisherId } from '../events/ids.ts';
import { LANG_UNKNOWN } from './write-feeds.ts';
import { readOpml } from './opml.ts';
import type { OpmlFault, Outline } from './opml.ts';

/** A feed as a list of anybody's names it: a URL, and whatever else is said. */
export interface ListEntry {
  readonly line: number;
  /** Which outline of the list it is, from 0, in the order of the document. */
  readonly outline: number;
  readonly url: string;
  /** May be empty. */
  readonly title: string;
  readonly id: FeedId | null;
  readonly publisher: PublisherId | null;
  /** As written. */
  readonly lang: string | null;
  readonly paused: string | null;
  /** The options that it names. */
  readonly options?: Partial<FeedOptions>;
}

/** Attributes by lower-case name: readers write xmlUrl in every way there is. */
function lowerCased({ attributes }: Outline): ReadonlyMap<string, string> {
  return new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value.trim()]));
}

function publisherAround(outline: Outline, outlines: readonly Outline[]): string | null {
  for (let parent = outline.parent; parent !== null; parent = outlines[parent]?.parent ?? null) {
    const publisher = outlines[parent]?.attributes['sw:publisher'];
    if (publisher !== undefined) return publisher;
  }
  return null;
}

function idOrNull(text: string | null | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function optionsOf(said: ReadonlyMap<string, string>): Partial<FeedOptions> {
  return {
    ...(said.get('sw:fulltext') === 'true' && { fullText: true }),
    ...(said.get('sw:allowprivate') === 'true' && { allowPrivate: true }),
  };
}

/** Where a feed is. OPML 1.0 has `url` for it; of other types, `link` and `include` among them, that leads to pages and lists. */
function addressOf(said: ReadonlyMap<string, string>): string {
  const address = said.get('xmlurl') ?? '';
  if (address !== '') return address;
  return /^(?:rss|atom|feed)\d?$/i.test(said.get('type') ?? '') ? (said.get('url') ?? '') : '';
}

/** What one outline says of a feed; null where it names none, words where an id in it is none. */
function entryOf(outline: Outline, number: number, outlines: readonly Outline[]): ListEntry | string | null {
  const said = lowerCased(outline);
  const url = addressOf(said);
  if (url === '') return null;
  const id = idOrNull(said.get('sw:feed'));
  const publisher = idOrNull(publisherAround(outline, outlines));
  const wrong = [id, publisher].find((name) => name !== null && !isSlug(name));
  if (typeof wrong === 'string') return `${JSON.stringify(wrong.slice(0, 100))} is no id`;
  const lang = said.get('language') ?? '';
  const options = optionsOf(said);
  return {
    line: outline.line,
    outline: number,
    url,
    title: [said.get('text'), said.get('title')].find((text) => text) ?? '',
    id: id === null ? null : feedId(id),
    publisher: publisher === null ? null : publisherId(publisher),
    lang: lang === '' || lang === LANG_UNKNOWN ? null : lang,
    paused: said.get('sw:paused') ?? null,
    ...(Object.keys(options).length > 0 && { options }),
  };
}

/**
 * The feeds of an OPML list from any reader, in its order, each once an outline. Where it is a list of ours, ids,
 * publishers, pauses and options are read too.
 */
export function readFeedList(xml: string): {
  readonly entries: readonly ListEntry[];
  readonly faults: readonly OpmlFault[];
} {
  const read = readOpml(xml);
  if ('faults' in read) return { entries: [], faults: read.faults };
  const entries: ListEntry[] = [];
  const faults: OpmlFault[] = [];
  for (const [number, outline] of read.outlines.entries()) {
    const entry = entryOf(outline, number, read.outlines);
    if (typeof entry === 'string') faults.push({ line: outline.line, message: entry });
    else if (entry !== null) entries.push(entry);
  }
  return { entries, faults };
}
