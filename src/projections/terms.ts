import type { ItemId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';
import { facetsOf } from '../query/facet-lexemes.ts';
import type { FacetFacts } from '../query/facet-lexemes.ts';
import type { QueryTag } from '../query/item.ts';
import { facetEntries, wordEntries } from '../query/tsvector.ts';
import { wordsOf } from '../query/words.ts';

/** What terms are made of: an item's row as it is, and its tags. */
export interface TermsFacts extends Omit<FacetFacts, 'tags'> {
  readonly item: ItemId;
  readonly title: string;
  readonly summary: string;
}

/** The columns of an item that queries look into. */
export interface Terms {
  /** A tsvector, as text. */
  readonly terms: string;
  readonly salience: number;
  /** Ids, most salient first, as one text: ids hold no space. */
  readonly entities: string;
  readonly topics: string;
}

const ENTITY_KINDS: ReadonlySet<SubjectKind> = new Set(['person', 'place', 'organisation', 'country']);

/**
 * Items whose words are remembered: their tagging comes soon after them and needs the same words again, which takes a sixth
 * of the projection's time. Some 12 MB of news; then the memory starts over.
 */
const REMEMBERED_ITEMS_MAX = 8_192;
let remembered = new Map<string, string>();

function wordsIn({ title, summary }: Pick<TermsFacts, 'title' | 'summary'>): string {
  const key = `${title}\u0000${summary}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  if (remembered.size >= REMEMBERED_ITEMS_MAX) remembered = new Map();
  const entries = wordEntries(wordsOf(title, summary));
  remembered.set(key, entries);
  return entries;
}

/** The columns that queries look into, for an item with these tags. They depend on nothing else. */
export function termsOf(row: TermsFacts, tags: readonly QueryTag[]): Terms {
  const ranked = [...tags].sort((a, b) => b.salience - a.salience || (a.id < b.id ? -1 : 1));
  const ids = (entities: boolean): string =>
    ranked
      .filter((tag) => ENTITY_KINDS.has(tag.kind) === entities)
      .map((tag) => tag.id)
      .join(' ');
  return {
    terms: `${facetEntries(facetsOf({ ...row, tags }))} ${wordsIn(row)}`,
    salience: ranked[0]?.salience ?? 0,
    entities: ids(true),
    topics: ids(false),
  };
}
