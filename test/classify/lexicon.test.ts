import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FieldRoom } from '../../src/classify/field-text.ts';
import { Lexicon } from '../../src/classify/lexicon.ts';
import { buildTrie } from '../../src/classify/trie.ts';
import { compileWords } from '../../src/classify/words.ts';
import { NAME, NO_CUE } from '../../src/classify/word-marks.ts';

const NAMES = ['lee', 'u.s.', 'korea', 'rare earths', 'kazakhstanis'];
const CUES = ['export control', 'use', 'denuclearization'];

function newLexicon(): Lexicon {
  return new Lexicon(buildTrie(NAMES), compileWords(CUES.map((cue, n) => [cue, n] as const)));
}

/** What the lexicon says of each word of a text. */
function told(lexicon: Lexicon, text: string): readonly (readonly number[])[] {
  const { words } = new FieldRoom().read(text, lexicon);
  return Array.from({ length: words.count }, (_, n) => [
    words.start(n),
    words.end(n),
    words.stem(n),
    words.marks(n),
    words.gram(n),
  ]);
}

/** Words alike in their first or last letters, of both kinds of length, some with what is no small letter. */
const word = fc.oneof(
  fc.constantFrom(
    ...NAMES,
    ...CUES,
    'koreas',
    'akazakhstanis',
    'bkazakhstanis',
    'korean',
    'rare',
    'controls',
    'exports',
    'the',
    'g7',
    'über',
    'ubersee',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', 'z', 'e', 's'), minLength: 1, maxLength: 14 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '1', 'ж'), minLength: 1, maxLength: 45 }),
);

test('a word is told the same whatever was read before it', () => {
  const old = newLexicon();
  fc.assert(
    fc.property(fc.array(word, { maxLength: 30 }), (words) => {
      const text = words.join(' ');
      expect(told(old, text)).toEqual(told(newLexicon(), text));
    }),
  );
});

/** A word of six letters for each number below 7 ** 6. */
const letters = (n: number): string =>
  Array.from({ length: 6 }, (_, k) => String.fromCharCode(97 + (Math.floor(n / 7 ** k) % 7))).join('');

/** Reads more words than there is room for, of both kinds. */
function fill(lexicon: Lexicon): void {
  for (let from = 0; from < 7 ** 6; from += 10_000) {
    told(
      lexicon,
      Array.from({ length: 10_000 }, (_, n) => `${letters(from + n)} ${letters(from + n)}1`).join(' '),
    );
  }
}

test('and when more words were read than there is room for', () => {
  const lexicon = newLexicon();
  fill(lexicon);
  const text = 'Lee of Korea uses export controls, the U.S. rare earths';
  expect(told(lexicon, text)).toEqual(told(newLexicon(), text));
});

test('most words are looked up once, however many were read before them', () => {
  let asked = 0;
  const lexicon = new Lexicon(buildTrie(NAMES), {
    stemOf: () => {
      asked += 1;
      return NO_CUE;
    },
    find: () => undefined,
  });
  fill(lexicon);
  const text = Array.from({ length: 500 }, (_, n) => `x${letters(n)} x${letters(n)}1`).join(' ');
  told(lexicon, text);
  asked = 0;
  told(lexicon, text);
  expect(asked).toBeLessThan(100);
});

test.each([
  ['korea', true],
  ['koreas', true],
  ['kore', false],
  ['rare', true],
  ['rar', false],
  ['u', true],
  ['s', false],
  ['kazakhstanis', true],
  ['a'.repeat(41), true],
])('a name may begin with %s: %s', (text, may) => {
  const { words } = new FieldRoom().read(text, newLexicon());
  expect((words.marks(0) & NAME) !== 0).toBe(may);
});

test('words too long for a cue have none', () => {
  const { words } = new FieldRoom().read(`use${'d'.repeat(60)}`, newLexicon());
  expect(words.stem(0)).toBe(NO_CUE);
});
