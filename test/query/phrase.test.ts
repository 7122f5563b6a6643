import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { findPhrase, hasPhrase, PHRASE_PARTS_MAX, phraseOf, phraseQuery } from '../../src/query/phrase.ts';
import type { WordField } from '../../src/query/phrase.ts';
import { facetQuery, hasFacet, tsvectorOf } from '../../src/query/tsvector.ts';
import { FIELD_UNITS_MAX } from '../../src/query/tokens.ts';
import { wordsOf } from '../../src/query/words.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

/** What is found of a query in a text, as the text has it; null for nothing. */
function found(query: string, text: string, prefix = false): string | null {
  const phrase = phraseOf(query, prefix);
  const place = phrase === null ? null : findPhrase(text, phrase);
  const inWords = phrase !== null && hasPhrase(wordsOf('', text), phrase, 'text');
  expect(inWords).toBe(place !== null);
  return place === null ? null : text.slice(place.start, place.end);
}

/** Whether PostgreSQL finds each question in its tsvector. */
async function asked(pairs: readonly { vector: string; query: string }[]): Promise<readonly boolean[]> {
  const vectors = pairs.map(({ vector }) => vector);
  const queries = pairs.map(({ query }) => query);
  const { rows } = await sql<{ met: boolean }>`
    select vector::tsvector @@ query::tsquery as met
    from unnest(${vectors}::text[], ${queries}::text[]) with ordinality as pair (vector, query, n)
    order by n`.execute(log.store.db);
  return rows.map(({ met }) => met);
}

describe('a word or phrase is found', () => {
  test.each([
    ['이재명', '이재명은 4일 베이징에 도착했다', '이재명'],
    ['高市', '「高市首相」が会見', '高市'],
    ['台湾', '涉及台湾問題的表态', '台湾'],
    ['臺灣', '涉及台湾問題的表态', '台湾'],
    ['台湾', '總統談臺灣', '臺灣'],
    ['summit', 'Two summits in a week', 'summits'],
    ['summits', 'The summit in Nara', 'summit'],
    ['SUMMIT', 'ＳＵＭＭＩＴ day', 'ＳＵＭＭＩＴ'],
    ['normalize', 'to normalise ties', 'normalise'],
    ['Pokémon', 'a pokemon card', 'pokemon'],
    ['shuttle-diplomacy', 'the Shuttle Diplomacy resumed', 'Shuttle Diplomacy'],
    ['shuttle diplomacy', 'shuttle-diplomacy', 'shuttle-diplomacy'],
    ["Xi's visit", 'after Xi’s visit', 'Xi’s visit'],
    ['G7サミット', 'Ｇ７ ｻﾐｯﾄが開幕', 'Ｇ７ ｻﾐｯﾄ'],
    ['셔틀외교', '한일 셔틀 외교 복원', '셔틀 외교'],
    ['셔틀 외교', '셔틀외교를 복원', '셔틀외교'],
    ['셔틀 외교', '셔틀 외교', '셔틀 외교'],
    ['한중일 정상회의', '한중일정상 회의가', '한중일정상 회의'],
    ['한중일', '한·중·일 협력', '한·중·일'],
    ['한·중·일', '한중일 협력', '한중일'],
    ['中', '訪中へ', '中'],
    ['中', '中国', '中'],
    ['한 일', '한일 관계', '한일'],
    ['辻', '辻\u{E0100}さん', '辻'],
  ])('%s in "%s"', (query, text, place) => {
    expect(found(query, text)).toBe(place);
  });

  test.each([
    ['diplo', 'a diplomatic row', 'diplomatic'],
    ['diplomatic', 'of diplomacy', null],
    ['shuttle diplo', 'shuttle diplomacy', 'shuttle diplomacy'],
    ['shut diplo', 'shuttle diplomacy', null],
    ['이재', '이재명은', '이재'],
  ])('%s* in "%s"', (query, text, place) => {
    expect(found(query, text, true)).toBe(place);
  });

  test.each([
    ['중일', '회의 중 일본'],
    ['일정', '한일 정상'],
    ['shuttle diplomacy', 'diplomacy by shuttle'],
    ['shuttle diplomacy', 'shuttle of diplomacy'],
    ['高市', '市高'],
    ['高市', '高い市'],
    ['셔틀외교', '셔틀, 외교'],
    ['셔틀외교', '셔 틀외교'],
    ['셔틀외교', '셔틀외 교'],
    ['首脳会談', '首脳 会談'],
    ['diplo', 'diplomacy'],
  ])('but not %s in "%s"', (query, text) => {
    expect(found(query, text)).toBeNull();
  });

  test('nowhere from the title into the text', () => {
    const words = wordsOf('South Korea and 한중', 'Japan met 일본');
    for (const across of ['and Japan', '한중 Japan', '중 Japan', 'Korea and 한중 Japan']) {
      const phrase = phraseOf(across, false);
      expect(phrase !== null && hasPhrase(words, phrase, null)).toBe(false);
    }
  });

  test('in the field that was asked for', () => {
    const words = wordsOf('Xi in Seoul', 'He met Lee');
    const fields: readonly WordField[] = ['title', 'text', null];
    const where = (text: string) => {
      const phrase = phraseOf(text, false);
      return fields.map((field) => phrase !== null && hasPhrase(words, phrase, field));
    };
    expect(where('Seoul')).toEqual([true, false, true]);
    expect(where('Lee')).toEqual([false, true, true]);
  });

  test('unless it holds neither letter nor digit', () => {
    for (const nothing of ['', ' ', '…', "'", '\u0301', '😀', '\ud842'])
      expect(phraseOf(nothing, true)).toBeNull();
  });
});

describe('PostgreSQL and memory agree', () => {
  const pieces = [
    ...['summit', 'Summits', 'the', 'shuttle', 'diplomacy', 'diplomatic', "Xi's", 'G7', 'café', '7', 's'],
    ...['한중일', '한', '중', '일본', '셔틀', '외교', '셔틀외교', '정상회의', '이재명은'],
    ...['高市', '首相', '台湾', '臺灣', '問題', '中', 'サミット', 'ｶﾞ', '𠮷野', '辻\u{E0100}'],
    ...[
      'йод',
      'दिल्ली',
      '\ufdfa',
      '😀',
      '\ud842',
      '\u3099',
      '\u0301',
      "'",
      '\\',
      '\0',
      ':',
      '<1>',
      '&!|()',
      '_',
      '*',
    ],
  ];
  const separators = [' ', ' ', '', '', '·', '・', '-', '  ', '\u3000', ', '];
  const written = (maxLength: number): fc.Arbitrary<string> =>
    fc
      .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...separators)), { maxLength })
      .map((parts) => parts.flat().join(''));
  const anything = fc.oneof(
    { weight: 9, arbitrary: written(14) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  );
  const item = fc.record({
    title: anything,
    text: anything,
    // A piece of the item itself, cut anywhere, or something else.
    cut: fc.option(fc.tuple(fc.nat(40), fc.integer({ min: 1, max: 12 }))),
    other: fc.oneof(written(1), written(3)),
    prefix: fc.boolean(),
    field: fc.constantFrom('title' as const, 'text' as const, null),
    negated: fc.boolean(),
  });

  function questionOf({
    title,
    text,
    cut,
    other,
    prefix,
  }: typeof item extends fc.Arbitrary<infer Case> ? Case : never) {
    const both = title + text;
    const from = cut === null ? 0 : cut[0] % (both.length + 1);
    return phraseOf(cut === null ? other : both.slice(from, from + cut[1]), prefix);
  }

  test('on whatever is written and asked', async () => {
    let [hits, questions] = [0, 0];
    const cases = fc.array(item, { minLength: 100, maxLength: 200, size: 'max' });
    await fc.assert(
      fc.asyncProperty(cases, async (many) => {
        const all = many.flatMap((one) => {
          const phrase = questionOf(one);
          if (phrase === null) return [];
          const words = wordsOf(one.title, one.text);
          const query = phraseQuery(phrase, one.field);
          const has = hasPhrase(words, phrase, one.field);
          const fields = { title: [one.title], text: [one.text] };
          const looked = one.field === null ? [one.title, one.text] : fields[one.field];
          expect(looked.some((text) => findPhrase(text, phrase) !== null)).toBe(has);
          const vector = tsvectorOf(words, ['#taiwan', '@lang:zh-hant']);
          return [
            {
              vector,
              query: one.negated ? `!${query} & '#taiwan'` : `${query} & '#taiwan'`,
              met: has !== one.negated,
            },
          ];
        });
        expect(await asked(all)).toEqual(all.map(({ met }) => met));
        questions += all.length;
        hits += many.filter((one) => {
          const phrase = questionOf(one);
          return phrase !== null && hasPhrase(wordsOf(one.title, one.text), phrase, one.field);
        }).length;
      }),
      { numRuns: 12 },
    );
    // Were nothing ever found, agreement would be cheap.
    expect(hits / questions).toBeGreaterThan(0.2);
  });

  test('on texts that fill a tsvector to its limits', async () => {
    const fillers = [
      '台'.repeat(FIELD_UNITS_MAX),
      Array.from({ length: 20_000 }, (_, n) => String.fromCharCode(0x4e00 + n)).join(''),
      Array.from({ length: 3_000 }, (_, n) => String.fromCharCode(0x4e00 + n).padEnd(70, 'ক')).join(' '),
      Array.from({ length: 1_500 }, (_, n) =>
        String.fromCharCode(0x1200 + (n % 64), 0x1200 + (n >> 6)).padEnd(64, 'ሀ'),
      ).join(' '),
      'the summit '.repeat(500),
      'the '.repeat(300) + 'summit',
      'x'.repeat(FIELD_UNITS_MAX),
    ];
    const queries = [
      '台台台',
      '中',
      'the summit',
      'x',
      'ሀሀ',
      'ক',
      String.fromCharCode(0x4e00 + 19_000, 0x4e00 + 19_001, 0x4e00 + 19_002),
    ];
    const all = fillers.flatMap((text) => {
      const words = wordsOf(text.slice(0, 500), text);
      return queries.flatMap((query) => {
        const phrase = phraseOf(query, true);
        if (phrase === null) return [];
        const vector = tsvectorOf(words, []);
        return [{ vector, query: phraseQuery(phrase, 'text'), met: hasPhrase(words, phrase, 'text') }];
      });
    });
    expect(await asked(all)).toEqual(all.map(({ met }) => met));
  });

  test('on a phrase as long as one may be', async () => {
    const phrase = phraseOf('가나'.repeat(PHRASE_PARTS_MAX), false);
    if (phrase === null) throw new Error('there are letters in it');
    const texts = ['가나'.repeat(PHRASE_PARTS_MAX), '가나, '.repeat(PHRASE_PARTS_MAX), '가나'.repeat(20)];
    const all = texts.map((text) => {
      const words = wordsOf('', text);
      return {
        vector: tsvectorOf(words, []),
        query: phraseQuery(phrase, null),
        met: hasPhrase(words, phrase, null),
      };
    });
    expect(all.map(({ met }) => met)).toEqual([true, false, false]);
    expect(await asked(all)).toEqual(all.map(({ met }) => met));
  });

  test('on facets, whatever is in them', async () => {
    const facets = new Set([
      '#taiwan',
      '@lang:zh',
      '@lang:zh-hant',
      '@host:yna.co.kr',
      "@feed:it's",
      '@feed:a\\b',
      '@x: y&!|()',
      `@host:${'a'.repeat(3_000)}`,
    ]);
    const others = [
      '#tai',
      '@lang:z',
      '@lang:ko',
      '@host:co.kr',
      "@feed:it''s",
      '@feed:a',
      `@host:${'b'.repeat(3_000)}`,
    ];
    const vector = tsvectorOf(wordsOf('Taiwan', 'taiwan'), facets);
    const all = [...facets, ...others].flatMap((lexeme) =>
      [true, false].map((prefix) => ({ lexeme, prefix, vector, query: facetQuery(lexeme, prefix) })),
    );
    expect(await asked(all)).toEqual(all.map(({ lexeme, prefix }) => hasFacet(facets, lexeme, prefix)));
  });
});
