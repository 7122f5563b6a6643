import type { SubjectId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';
import { facetsOf } from '../query/facet-lexemes.ts';
import type { FacetFacts } from '../query/facet-lexemes.ts';
import type { QueryTag } from '../query/item.ts';
import { facetEntries } from '../query/tsvector.ts';

/** An item's tags as its row holds them, the most salient first. */
export interface RowTags {
  readonly subjects: readonly SubjectId[];
  readonly kinds: readonly SubjectKind[];
  readonly saliences: readonly number[];
}

export const NO_TAGS: RowTags = { subjects: [], kinds: [], saliences: [] };

/** Tags in the order of a row. */
export function rowTagsOf(tags: readonly QueryTag[]): RowTags {
  const ranked = [...tags].sort((a, b) => b.salience - a.salience || (a.id < b.id ? -1 : 1));
  return {
    subjects: ranked.map((tag) => tag.id),
    kinds: ranked.map((tag) => tag.kind),
    saliences: ranked.map((tag) => tag.salience),
  };
}

function tagsOf({ subjects, kinds, saliences }: RowTags): QueryTag[] {
  return subjects.map((id, index) => ({
    id,
    kind: kinds[index] ?? 'topic',
    salience: saliences[index] ?? 0,
  }));
}

/** What of an item its names are made of. */
export type TermsFacts = Omit<FacetFacts, 'tags'> & RowTags;

/** The text of the tsvector of an item's names. It depends on nothing else. */
export function termsOf(row: TermsFacts): string {
  const { feed, publisher, url, lang, revision, backfill } = row;
  return facetEntries(facetsOf({ feed, publisher, url, lang, revision, backfill, tags: tagsOf(row) }));
}
