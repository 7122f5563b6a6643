import type { Content, ItemContent, PageContent } from '../store/content.ts';
import { wordEntries } from './tsvector.ts';
import { wordsOf } from './words.ts';

/** Goes up when wordsOf comes to other words: then those of all texts are made anew. */
export const WORDS_VERSION = 1;

/** The words of a text as the text of a tsvector. They depend on nothing else. */
export function wordsVectorOf({ title, summary, text }: ItemContent): string {
  return wordEntries(wordsOf(title, summary, text));
}

/** The words of an item with its full text as they are kept. */
export function pageText(body: PageContent): Extract<Content, { kind: 'page' }> {
  return { kind: 'page', body, words: wordsVectorOf(body), wordsVersion: WORDS_VERSION };
}

/** The text of an item as it is kept, with the words that searches look into. */
export function itemText(body: ItemContent): Extract<Content, { kind: 'item' }> {
  return { kind: 'item', body, words: wordsVectorOf(body), wordsVersion: WORDS_VERSION };
}
