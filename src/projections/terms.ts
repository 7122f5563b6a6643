import type { SubjectId } from '../events/ids.ts';
import type { EventType } from '../events/event-type.ts';
import type { SubjectKind } from '../events/item.ts';
import { facetsOf } from '../query/facet-lexemes.ts';
import type { FacetFacts } from '../query/facet-lexemes.ts';
import type { QueryEvent, QueryTag } from '../query/item.ts';
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

/** What an item reports, as its row holds it. */
export interface RowEvent {
  readonly event: EventType | null;
  readonly event_from: readonly SubjectId[];
  readonly event_to: readonly SubjectId[];
}

export const NO_EVENT: RowEvent = { event: null, event_from: [], event_to: [] };

/** An event in the columns of a row. */
export function rowEventOf(event: QueryEvent | null): RowEvent {
  return event === null ? NO_EVENT : { event: event.type, event_from: event.from, event_to: event.to };
}

/** The event of a row's columns. */
function eventOf({ event, event_from, event_to }: RowEvent): QueryEvent | null {
  return event === null ? null : { type: event, from: event_from, to: event_to };
}

/** What of an item its names are made of. */
export type TermsFacts = Omit<FacetFacts, 'tags' | 'event'> & RowTags & RowEvent;

/** The text of the tsvector of an item's names. It depends on nothing else. */
export function termsOf(row: TermsFacts): string {
  const { feed, publisher, url, lang, revision, backfill } = row;
  const [tags, event] = [tagsOf(row), eventOf(row)];
  return facetEntries(facetsOf({ feed, publisher, url, lang, revision, backfill, tags, event }));
}
