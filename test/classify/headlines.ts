import { expect, test } from 'vitest';
import type { Tagger } from '../../src/classify/tagger.ts';

export type Case = readonly [title: string, ...ids: string[]];

interface Headlines {
  /** Ids of a headline, in the order of the alphabet. */
  readonly idsOf: (title: string, lang: string, date?: string | null) => readonly string[];
  readonly holds: (lang: string, cases: readonly Case[]) => void;
  /** The named subjects must not be tagged; other tags do not matter. */
  readonly lacks: (lang: string, cases: readonly Case[]) => void;
}

/** What is asked of single headlines; the tagger is made only when the tests run. */
export function headlines(tagger: () => Tagger): Headlines {
  const idsOf: Headlines['idsOf'] = (title, lang, date = '2026-02-03') =>
    tagger()
      .tag({ title, text: '', lang, date })
      .tags.map(({ id }): string => id)
      .sort();
  return {
    idsOf,
    holds: (lang, cases) => {
      test.each(cases)('%s', (title, ...ids) => {
        expect(idsOf(title, lang)).toEqual(expect.arrayContaining(ids));
      });
    },
    lacks: (lang, cases) => {
      test.each(cases)('%s', (title, ...ids) => {
        for (const id of ids) expect(idsOf(title, lang)).not.toContain(id);
      });
    },
  };
}
