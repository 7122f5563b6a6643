import { domainToASCII } from 'node:url';
import type { QueryItem } from './item.ts';

/**
 * What is known of an item beside its words, as lexemes of the same tsvector: one index then answers words, subjects,
 * languages and publishers together. Words are letters and digits only, so the signs `#` and `@` keep them apart.
 */

/** The language of items that have none: BCP 47's word for it. */
const UNDETERMINED = 'und';
/** Labels of a host that are indexed, from the right; and characters: what DNS allows (RFC 1035 §2.3.4). */
const HOST_LABELS_MAX = 8;
const HOST_CHARS_MAX = 253;
/** Characters of a language tag that are indexed: what BCP 47 asks implementers to hold (RFC 5646 §4.4.1). */
const LANG_CHARS_MAX = 35;

/** Items that carry the subject, whatever its kind. */
export const subjectLexeme = (subject: string): string => `#${subject}`;
/** Items with a tag of that kind. */
export const kindLexeme = (kind: string): string => `@kind:${kind}`;
/** Items of that publisher. */
export const publisherLexeme = (publisher: string): string => `@publisher:${publisher}`;
/** Items that came with that feed. */
export const feedLexeme = (feed: string): string => `@feed:${feed}`;

/** Items that report this kind of act. */
export const eventLexeme = (type: string): string => `@event:${type}`;
/** Items that report what that subject does. */
export const actorLexeme = (subject: string): string => `@actor:${subject}`;
/** Items that report what is done to that subject, with it or against it. */
export const targetLexeme = (subject: string): string => `@target:${subject}`;

/** Items in the language or a narrower one: `zh` means zh-Hant too. Null asks for items without a language. */
export function langLexeme(lang: string | null): string {
  return `@lang:${(lang ?? UNDETERMINED).toLowerCase().slice(0, LANG_CHARS_MAX)}`;
}

/** Items whose address lies in the domain, written in any script and case: `yna.co.kr` means en.yna.co.kr too. */
export function hostLexeme(host: string): string {
  const ascii = domainToASCII(host);
  return `@host:${(ascii === '' ? host.toLowerCase() : ascii).replace(/\.$/, '').slice(-HOST_CHARS_MAX)}`;
}

/** Items that were revised since they came, or whose words came with a backfill. */
export const isLexeme = (what: 'revised' | 'backfill'): string => `@is:${what}`;

/** `zh-Hant-TW`, `zh-Hant`, `zh`. */
function langsOf(lang: string | null): string[] {
  const subtags = (lang ?? UNDETERMINED).slice(0, LANG_CHARS_MAX).split('-');
  return subtags.map((_, index) => subtags.slice(0, index + 1).join('-'));
}

/** The host and each domain above it, down to two labels; an address in numbers, or a name of one label, as it is. */
function domainsOf(host: string): string[] {
  if (host === '' || host.length > HOST_CHARS_MAX) return [];
  if (host.startsWith('[') || /\.\d+$/.test(host) || !host.includes('.')) return [host];
  const labels = host.split('.');
  const from = Math.max(0, labels.length - HOST_LABELS_MAX);
  return labels.slice(from, -1).map((_, index) => labels.slice(from + index).join('.'));
}

/** Hosts whose lexemes are remembered: items come from few, and to ask the IDNA tables each time is a tenth of a rebuild. */
const HOSTS_REMEMBERED_MAX = 5_000;
const lexemesByHost = new Map<string, readonly string[]>();

function hostLexemes(url: string | null): readonly string[] {
  if (url === null || !URL.canParse(url)) return [];
  const host = new URL(url).hostname.replace(/\.$/, '');
  const remembered = lexemesByHost.get(host);
  if (remembered !== undefined) return remembered;
  const lexemes = domainsOf(host).map(hostLexeme);
  if (lexemesByHost.size >= HOSTS_REMEMBERED_MAX) lexemesByHost.clear();
  lexemesByHost.set(host, lexemes);
  return lexemes;
}

/** The facts about an item that a query can ask for by one lexeme each. */
export type FacetFacts = Pick<
  QueryItem,
  'feed' | 'publisher' | 'url' | 'lang' | 'revision' | 'backfill' | 'tags' | 'event'
>;

/** The lexemes of an item's facets, each once: the SQL side stores them, the predicate side looks into them. */
export function facetsOf(item: FacetFacts): ReadonlySet<string> {
  const lexemes = new Set<string>();
  for (const { id } of item.tags) lexemes.add(subjectLexeme(id));
  for (const { kind } of item.tags) lexemes.add(kindLexeme(kind));
  if (item.event !== null) {
    lexemes.add(eventLexeme(item.event.type));
    for (const id of item.event.from) lexemes.add(actorLexeme(id));
    for (const id of item.event.to) lexemes.add(targetLexeme(id));
  }
  for (const lang of langsOf(item.lang)) lexemes.add(langLexeme(lang));
  lexemes.add(publisherLexeme(item.publisher));
  lexemes.add(feedLexeme(item.feed));
  for (const lexeme of hostLexemes(item.url)) lexemes.add(lexeme);
  if (item.revision > 0) lexemes.add(isLexeme('revised'));
  if (item.backfill !== null) lexemes.add(isLexeme('backfill'));
  return lexemes;
}
