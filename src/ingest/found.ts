import {
  CONTENT_CHARS_MAX,
  ID_CHARS_MAX,
  LANGUAGE_CHARS_MAX,
  SOURCE_CHARS_MAX,
  SUMMARY_CHARS_MAX,
  TITLE_CHARS_MAX,
  bodyOf,
} from './parsed.ts';
import type { ItemSource, ParsedFeed, ParsedItem } from './parsed.ts';
import { cleanText, cut, plainText } from './text.ts';

/** What a reader found of an item: each list in the order of preference, the first that says something counts. */
export interface Found {
  readonly ids: readonly string[];
  /** Absolute, or null. */
  readonly link: string | null;
  readonly titles: readonly string[];
  /** UTC, or null. */
  readonly published: string | null;
  /** HTML, or text. */
  readonly summaries: readonly string[];
  readonly contents: readonly string[];
  readonly languages: readonly string[];
  readonly source: ItemSource | null;
}

/** What a reader makes of a document. */
export type Read = Pick<ParsedFeed, 'title' | 'language' | 'items'>;

export function firstText(texts: readonly string[]): string {
  return texts.find((text) => text.trim() !== '')?.trim() ?? '';
}

/** A title as plain text. */
export function lineOf(titles: readonly string[]): string {
  return plainText(firstText(titles), TITLE_CHARS_MAX);
}

/** A language as written, bounded; empty when none is named. */
export function languageIn(languages: readonly string[]): string {
  return cut(cleanText(firstText(languages)), LANGUAGE_CHARS_MAX);
}

/** A link of an item or a feed, as Atom gives it. */
export interface FoundLink {
  readonly href: string;
  readonly rel: string;
  readonly type: string;
}

/**
 * The page the item is about: Atom's alternate, of HTML if there is a choice; not an enclosure, a reply or
 * the feed itself.
 */
export function alternate(links: readonly FoundLink[]): string | null {
  const pages = links.filter(({ rel }) => ['', 'alternate'].includes(rel.trim().toLowerCase()));
  const html = pages.find(({ type }) => type.toLowerCase() === 'text/html');
  const open = pages.find(({ type }) => type === '');
  return (html ?? open ?? pages[0])?.href ?? null;
}

export function itemOf(found: Found): ParsedItem {
  const id = cut(cleanText(firstText(found.ids)), ID_CHARS_MAX);
  const summary = plainText(firstText(found.summaries), SUMMARY_CHARS_MAX);
  const content = plainText(firstText(found.contents), CONTENT_CHARS_MAX);
  const lang = languageIn(found.languages);
  const source = found.source === null ? '' : plainText(found.source.name, SOURCE_CHARS_MAX);
  return {
    id: id === '' ? null : id,
    link: found.link,
    title: lineOf(found.titles),
    published: found.published,
    ...bodyOf(summary, content),
    ...(lang === '' ? {} : { lang }),
    ...(source === '' ? {} : { source: { name: source, url: found.source?.url ?? null } }),
  };
}
