import assert from 'node:assert/strict';
import type { Words } from './words.ts';

/** Units of a facet that count, in the index and in memory: a tsvector holds lexemes of less than 2,047 bytes. */
export const FACET_UNITS_MAX = 255;

/** A lexeme as PostgreSQL reads it in the text of a tsvector or tsquery. */
export function quoted(lexeme: string): string {
  // Hardly any has one, and this is done for every word of every item.
  if (!lexeme.includes("'") && !lexeme.includes('\\')) return `'${lexeme}'`;
  return `'${lexeme.replace(/['\\]/g, '$&$&')}'`;
}

function bounded(facet: string): string {
  return facet.slice(0, FACET_UNITS_MAX);
}

/** Facets (`#taiwan`, `@lang:ko`), which have no positions, as a part of the text of a tsvector. */
export function facetEntries(facets: Iterable<string>): string {
  let entries = '';
  for (const facet of facets) entries += `${entries === '' ? '' : ' '}${quoted(bounded(facet))}`;
  return entries;
}

/**
 * Words with their positions as a part of the text of a tsvector: those of the title with weight A, of the full text with C (a
 * text's have none, which is D).
 */
export function wordEntries(words: Words): string {
  const { textFrom, bodyFrom } = words;
  const weight = (position: number): string => (position < textFrom ? 'A' : position < bodyFrom ? '' : 'C');
  let entries = '';
  for (const [lexeme, positions] of words.lexemes) {
    let places = '';
    for (const position of positions) places += `${places === '' ? ':' : ','}${position}${weight(position)}`;
    entries += `${entries === '' ? '' : ' '}${quoted(lexeme)}${places}`;
  }
  return entries;
}

/** What `::tsvector` turns into the index entry of an item. */
export function tsvectorOf(words: Words, facets: Iterable<string>): string {
  return `${facetEntries(facets)} ${wordEntries(words)}`;
}

/** What `::tsquery` turns into a question for a facet, or for any that begins with it. It combines with `!`, `&` and `|`. */
export function facetQuery(lexeme: string, prefix: boolean): string {
  assert(lexeme !== '', 'a facet has a name');
  return quoted(bounded(lexeme)) + (prefix ? ':*' : '');
}

/** The same in memory. */
export function hasFacet(facets: ReadonlySet<string>, lexeme: string, prefix: boolean): boolean {
  const sought = bounded(lexeme);
  for (const facet of facets) {
    const own = bounded(facet);
    if (prefix ? own.startsWith(sought) : own === sought) return true;
  }
  return false;
}
