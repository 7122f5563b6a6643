import type { ParsedItem } from './parsed.ts';

/** The words of an item that are its own. */
export type OwnWords = Pick<ParsedItem, 'title' | 'summary'>;

// Google News puts one of these between a headline and its publisher.
const BETWEEN = /\s+[-–—|]\s+$/;

/** A headline without the name of its publisher behind it. */
function withoutPublisher(title: string, publisher: string): string {
  if (!title.endsWith(publisher)) return title;
  const before = title.slice(0, -publisher.length);
  return BETWEEN.test(before) ? before.replace(BETWEEN, '') : title;
}

/**
 * What an item says itself, where its feed collects from many publishers (Google News, and what imitates it):
 * the publisher that `source` names is no part of the headline, or one article would have as many headlines
 * as feeds carry it; and a summary that begins with the headline and its publisher only chains headlines of
 * other articles, which would make this one be about all they are about.
 */
export function ownWords({ title, summary, source }: ParsedItem): OwnWords {
  if (source === undefined) return { title, summary };
  const headline = withoutPublisher(title, source.name);
  const chained = headline !== '' && headline !== title && summary.startsWith(`${headline} ${source.name}`);
  return { title: headline === '' ? title : headline, summary: chained ? '' : summary };
}
