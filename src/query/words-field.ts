import type { AlertMatch } from '../events/alert.ts';
import type { Field as TextField } from '../events/item.ts';
import type { Term, Word } from './ast.ts';
import { readWord, valueProblem } from './field.ts';
import type { Field, Read } from './field.ts';
import type { Readable } from './readable.ts';
import { findPhrase, hasPhrase, phraseOf, phraseQuery } from './phrase.ts';
import type { Phrase } from './phrase.ts';
import { printQuery } from './print.ts';

function evidenceOf(
  words: string,
  phrase: Phrase,
  { item }: Readable,
  fields: readonly TextField[],
): AlertMatch[] {
  for (const field of fields) {
    const written = item[field] ?? '';
    const found = findPhrase(written, phrase);
    if (found !== null) return [{ words, field, surface: written.slice(found.start, found.end) }];
  }
  return [];
}

function readPhrase(term: Term, { text, prefix }: Word, field: TextField | null): Read {
  const phrase = phraseOf(text, prefix);
  if (phrase === null) {
    return valueProblem(term, 'there are no letters or digits in it, and nothing else can be looked for');
  }
  const fields: readonly TextField[] = field === null ? ['title', 'text', 'body'] : [field];
  const words = printQuery(term);
  return {
    leaf: {
      sql: { terms: null, words: phraseQuery(phrase, field), condition: null },
      test: (readable) => hasPhrase(readable.words, phrase, field),
      telling: true,
      evidence: (readable) => evidenceOf(words, phrase, readable, fields),
      published: null,
      meaning: null,
    },
  };
}

function wordsField(name: string, field: TextField | null, rest: Pick<Field, 'about' | 'examples'>): Field {
  return {
    name,
    type: 'words',
    ...rest,
    read: (term) => readWord(term, (word) => readPhrase(term, word, field)),
  };
}

/** Words without a field. */
export const FREE_WORDS = wordsField('', null, {
  about: 'in the title, the lead or the full text',
  examples: ['台湾', '"shuttle diplomacy"', 'diplomat*'],
});

export const title = wordsField('title', 'title', {
  about: 'in the title',
  examples: ['title:summit', 'title:"셔틀 외교"', 'title:(高市 OR 李在明)'],
});

export const text = wordsField('text', 'text', {
  about: 'in the lead, as far as the feed gave one',
  examples: ['text:rare*', 'text:"希土類"'],
});

export const body = wordsField('body', 'body', {
  about: 'in the full text of the page, where that was fetched',
  examples: ['body:gallium', 'body:"第三方"'],
});
