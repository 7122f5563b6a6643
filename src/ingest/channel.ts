import type { Capture } from './capture.ts';
import { hintsOf } from './hints.ts';
import type { FeedHints } from './parsed.ts';

/** Of a kind, kept of one feed: hours of a day are 24, hubs one or two. */
const NOTES_MAX = 32;
const HUBS_MAX = 8;

/** What a document says about itself rather than about an item. */
export interface Channel {
  /** The language that its root or channel names by `xml:lang`. */
  lang: string | null;
  /** Where it says it lives. */
  self: string | null;
  readonly hubs: string[];
  /** Texts about its rhythm, by the name of the element. */
  readonly notes: Map<string, string[]>;
}

export function emptyChannel(): Channel {
  return { lang: null, self: null, hubs: [], notes: new Map() };
}

export function addNote(channel: Channel, name: string, text: string): void {
  const known = channel.notes.get(name) ?? [];
  if (known.length < NOTES_MAX) channel.notes.set(name, [...known, text]);
}

/** A link of the feed by what it is for: WebSub §4 wants `self` and `hub`. */
export function addLink(channel: Channel, capture: Capture, url: string): void {
  const rels = (capture.attributes.get('rel') ?? '').toLowerCase().split(/\s+/);
  if (rels.includes('self')) channel.self ??= url;
  if (rels.includes('hub') && channel.hubs.length < HUBS_MAX && !channel.hubs.includes(url))
    channel.hubs.push(url);
}

export function rhythmOf(channel: Channel): FeedHints {
  return hintsOf(channel.notes);
}
