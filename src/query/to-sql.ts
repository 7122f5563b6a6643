import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { asksForWords } from './bind.ts';
import type { BoundQuery } from './bind.ts';
import type { SqlPart } from './leaf.ts';

/**
 * How words are looked for, which comes to the same:
 * - set: all texts with the words are found first, by their index: right where they are few
 * - probe: the text of each item in question is looked at: right where those are few
 * - base: not at all; what is left of the query holds for all that meets it, and for more
 */
export type WordsForm = 'set' | 'probe' | 'base';

const EVERYTHING: SqlPart = { terms: null, words: null, condition: null };

function wordsCondition(words: string, form: Exclude<WordsForm, 'base'>): RawBuilder<boolean> {
  return form === 'set'
    ? sql<boolean>`i.words in (select w.id from sw_read.words w where w.terms @@ ${words}::tsquery)`
    : sql<boolean>`coalesce((select w.terms from sw_read.words w where w.id = i.words) @@ ${words}::tsquery, false)`;
}

function all(conditions: readonly RawBuilder<boolean>[]): RawBuilder<boolean> | null {
  if (conditions.length < 2) return conditions[0] ?? null;
  return sql<boolean>`(${sql.join(conditions, sql` and `)})`;
}

/** One condition; null for a part that always holds. */
function whole({ terms, words, condition }: SqlPart, form: WordsForm): RawBuilder<boolean> | null {
  return all([
    ...(terms === null ? [] : [sql<boolean>`i.terms @@ ${terms}::tsquery`]),
    ...(words === null || form === 'base' ? [] : [wordsCondition(words, form)]),
    ...(condition === null ? [] : [condition]),
  ]);
}

const isTermsAlone = ({ words, condition }: SqlPart): boolean => words === null && condition === null;
const isWordsAlone = ({ terms, condition }: SqlPart): boolean => terms === null && condition === null;

/** One tsquery of several, null of none. */
function merged(queries: readonly (string | null)[], sign: '&' | '|'): string | null {
  const asked = queries.filter((query) => query !== null);
  return asked.length === 0 ? null : asked.map((query) => `(${query})`).join(` ${sign} `);
}

function and(parts: readonly SqlPart[]): SqlPart {
  return {
    terms: merged(
      parts.map((part) => part.terms),
      '&',
    ),
    words: merged(
      parts.map((part) => part.words),
      '&',
    ),
    condition: all(parts.flatMap(({ condition }) => (condition === null ? [] : [condition]))),
  };
}

function or(parts: readonly SqlPart[], form: WordsForm): SqlPart {
  // What is asked of one index alone becomes one question to it.
  const terms = parts.filter((part) => part.terms !== null && isTermsAlone(part));
  const words = parts.filter((part) => part.words !== null && isWordsAlone(part));
  const known = {
    terms: merged(
      terms.map((part) => part.terms),
      '|',
    ),
    words: merged(
      words.map((part) => part.words),
      '|',
    ),
  };
  if (terms.length === parts.length) return { ...EVERYTHING, terms: known.terms };
  if (words.length === parts.length) return { ...EVERYTHING, words: known.words };
  const rest = parts.filter((part) => !terms.includes(part) && !words.includes(part));
  const either = [
    ...(known.terms === null ? [] : [{ ...EVERYTHING, terms: known.terms }]),
    ...(known.words === null ? [] : [{ ...EVERYTHING, words: known.words }]),
    ...rest,
  ].map((part) => whole(part, form));
  const said = either.filter((part) => part !== null);
  // One that always holds: so does the whole.
  if (said.length < either.length) return EVERYTHING;
  return { ...EVERYTHING, condition: sql<boolean>`(${sql.join(said, sql` or `)})` };
}

function not(part: SqlPart, form: WordsForm): SqlPart {
  if (part.terms !== null && isTermsAlone(part)) return { ...EVERYTHING, terms: `!(${part.terms})` };
  const condition = whole(part, form);
  return {
    ...EVERYTHING,
    condition: condition === null ? sql<boolean>`false` : sql<boolean>`not ${condition}`,
  };
}

function partOf(query: BoundQuery, form: WordsForm): SqlPart {
  switch (query.kind) {
    case 'all':
      return EVERYTHING;
    case 'leaf':
      return query.leaf.sql;
    case 'and':
      return and(query.parts.map((part) => partOf(part, form)));
    case 'or':
      return or(
        query.parts.map((part) => partOf(part, form)),
        form,
      );
    case 'not':
      // What is left of a demand without its words holds for more, and so its opposite for less.
      return form === 'base' && asksForWords(query.part) ? EVERYTHING : not(partOf(query.part, form), form);
  }
}

/** A query as a condition over an item's row `i`, with bound parameters only. */
export function toSql(query: BoundQuery, form: WordsForm = 'set'): RawBuilder<boolean> {
  return whole(partOf(query, form), form) ?? sql<boolean>`true`;
}

/** A tsquery that the text of whatever meets the query meets; null where its words are asked for among other things only. */
export function wordsOf(query: BoundQuery): string | null {
  return partOf(query, 'set').words;
}
