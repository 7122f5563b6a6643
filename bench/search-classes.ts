import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { facets } from '../src/query/facets.ts';
import { langLexeme, subjectLexeme } from '../src/query/facet-lexemes.ts';
import { phraseOf, phraseQuery } from '../src/query/phrase.ts';
import { SEARCH_ITEMS_DEFAULT, searchItems } from '../src/query/search.ts';
import type { SqlFilter } from '../src/query/sql-filter.ts';
import { timeline } from '../src/query/timeline.ts';
import { facetQuery } from '../src/query/tsvector.ts';
import type { Db } from '../src/store/database.ts';
import { COUNTRIES, ENTITIES, FROM, TOPICS, UNTIL, VOCABULARY } from './corpus.ts';
import type { GeneratedSubject } from './corpus.ts';
import type { Random } from './random.ts';

const DAY_MS = 86_400_000;
/** Words of these ranks are asked for: neither particles, nor such as nobody ever wrote. */
const RANK_MIN = 20;
const RANK_RANGE = 4_000;

/** A kind of question: what is asked, and how it is answered. */
export interface QueryClass {
  readonly name: string;
  readonly filter: (source: Random) => SqlFilter;
  readonly run: (db: Db, filter: SqlFilter) => Promise<unknown>;
}

/** Subjects are asked for about as often as they are written about. */
function subject(source: Random, among: readonly GeneratedSubject[]): string {
  return facetQuery(subjectLexeme(among[source.rank(among.length)]?.id ?? ''), false);
}

function word(source: Random, script: keyof typeof VOCABULARY): string {
  for (;;) {
    const text = VOCABULARY[script][RANK_MIN + source.rank(RANK_RANGE)] ?? '';
    const phrase = text.length < 2 ? null : phraseOf(text, false);
    if (phrase !== null) return phraseQuery(phrase, null);
  }
}

function filterOf(queries: readonly string[], days: { since: Date; until: Date } | null): SqlFilter {
  const parts: RawBuilder<boolean>[] = [];
  if (queries.length > 0)
    parts.push(sql`i.terms @@ ${queries.map((query) => `(${query})`).join(' & ')}::tsquery`);
  if (days !== null) {
    parts.push(
      sql`coalesce(i.published >= ${days.since}, false) and coalesce(i.published < ${days.until}, false)`,
    );
  }
  const phrases = queries.some((query) => query.includes('<'));
  return { where: sql<boolean>`(${sql.join(parts, sql` and `)})`, published: days, phrases };
}

/** A stretch of time from a day to half a year, short ones more often, mostly of late. */
function stretch(source: Random): { since: Date; until: Date } {
  const days = 1 + source.rank(180);
  const until = new Date(UNTIL.getTime() - source.rank(500) * DAY_MS);
  return { since: new Date(Math.max(FROM.getTime(), until.getTime() - days * DAY_MS)), until };
}

const search: QueryClass['run'] = (db, filter) =>
  searchItems(db, filter, { limit: SEARCH_ITEMS_DEFAULT, after: null });
const count: QueryClass['run'] = (db, filter) =>
  facets(db, filter, { zone: 'Asia/Seoul', countries: COUNTRIES });

const tagged = (source: Random): string[] => [subject(source, ENTITIES), subject(source, TOPICS)];
const lang = (name: string): string => facetQuery(langLexeme(name), false);

export const CLASSES: readonly QueryClass[] = [
  {
    name: 'entity + topic + time',
    filter: (source) => filterOf(tagged(source), stretch(source)),
    run: search,
  },
  {
    name: 'entity + topic + time + Latin word',
    filter: (source) => filterOf([...tagged(source), word(source, 'en')], stretch(source)),
    run: search,
  },
  {
    name: 'entity + topic + time + Chinese word',
    filter: (source) => filterOf([...tagged(source), word(source, 'zh')], stretch(source)),
    run: search,
  },
  {
    name: 'entity + topic + time + Korean word',
    filter: (source) => filterOf([...tagged(source), word(source, 'ko')], stretch(source)),
    run: search,
  },
  { name: 'Latin word', filter: (source) => filterOf([word(source, 'en')], null), run: search },
  { name: 'Japanese word', filter: (source) => filterOf([word(source, 'ja')], null), run: search },
  { name: 'Chinese word', filter: (source) => filterOf([word(source, 'zh')], null), run: search },
  { name: 'entity', filter: (source) => filterOf([subject(source, ENTITIES)], null), run: search },
  {
    name: 'entity, not in its language',
    filter: (source) => filterOf([subject(source, ENTITIES), '!' + lang('en')], null),
    run: search,
  },
  {
    name: 'nothing found: word of another language',
    filter: (source) => filterOf([subject(source, ENTITIES), word(source, 'ko'), lang('en')], null),
    run: search,
  },
  {
    name: 'nothing found: a subject nobody has',
    filter: (source) => filterOf(["'#nobody'", subject(source, TOPICS)], stretch(source)),
    run: search,
  },
  { name: 'time alone', filter: (source) => filterOf([], stretch(source)), run: search },
  {
    name: 'facets of entity + topic + time',
    filter: (source) => filterOf(tagged(source), stretch(source)),
    run: count,
  },
  { name: 'facets of entity', filter: (source) => filterOf([subject(source, ENTITIES)], null), run: count },
  {
    name: 'timeline of entity by language',
    filter: (source) => filterOf([subject(source, ENTITIES)], null),
    run: (db, filter) =>
      timeline(db, filter, {
        by: 'week',
        split: 'lang',
        now: UNTIL,
        zone: 'Asia/Seoul',
        countries: COUNTRIES,
      }),
  },
];
