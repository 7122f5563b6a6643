import { facets } from '../src/query/facets.ts';
import type { QueryContext } from '../src/query/context.ts';
import { phraseOf } from '../src/query/phrase.ts';
import { renderProblems } from '../src/query/problem.ts';
import { SEARCH_ITEMS_DEFAULT, searchItems } from '../src/query/search.ts';
import type { SqlFilter } from '../src/query/sql-filter.ts';
import { timeline } from '../src/query/timeline.ts';
import { understand } from '../src/query/understand.ts';
import type { Db } from '../src/store/database.ts';
import { COUNTRIES, ENTITIES, FROM, TOPICS, UNTIL, vocabulary } from './corpus.ts';
import type { Vocabulary } from './corpus.ts';
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

/** Where nothing is known: subjects are asked for by `subject:`. */
const NOWHERE: QueryContext = {
  subjects: new Map(),
  publishers: new Map(),
  feeds: new Set(),
  now: UNTIL,
  zone: 'UTC',
};

/** Subjects are asked for about as often as they are written about. */
function subject(source: Random, among: readonly GeneratedSubject[]): string {
  return `subject:${among[source.rank(among.length)]?.id ?? ''}`;
}

function word(source: Random, script: keyof Vocabulary): string {
  for (;;) {
    const text = vocabulary()[script][RANK_MIN + source.rank(RANK_RANGE)] ?? '';
    if (text.length >= 2 && phraseOf(text, false) !== null) return JSON.stringify(text);
  }
}

function filterOf(parts: readonly string[], days: { since: Date; until: Date } | null): SqlFilter {
  const { since, until } = days ?? {};
  const time =
    since === undefined || until === undefined
      ? []
      : [`published:>=${since.toISOString()} published:<${until.toISOString()}`];
  const text = [...parts, ...time].join(' ');
  const understood = understand(text, NOWHERE);
  if ('problems' in understood) throw new Error(renderProblems(text, understood.problems));
  return understood.filter;
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
    filter: (source) => filterOf([subject(source, ENTITIES), '-lang:en'], null),
    run: search,
  },
  {
    name: 'nothing found: word of another language',
    filter: (source) => filterOf([subject(source, ENTITIES), word(source, 'ko'), 'lang:en'], null),
    run: search,
  },
  {
    name: 'nothing found: a subject nobody has',
    filter: (source) => filterOf(['subject:nobody', subject(source, TOPICS)], stretch(source)),
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
