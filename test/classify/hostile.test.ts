import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Tag } from '../../src/events/item.ts';
import { READ_UNITS_MAX } from '../../src/classify/fields.ts';
import type { Tagger } from '../../src/classify/tagger.ts';
import { hashOf, spread } from '../../src/classify/unit-words.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

/** Pieces that meet the rules: names, particles, titles, marks, lone surrogates. */
const PIECES = [
  'Taiwan',
  'South Korea',
  'Lee',
  'Xi',
  "'s ",
  ' ',
  'U.S.',
  '대만',
  '북한',
  '이 대통령',
  '한미일',
  '은',
  '에서',
  '李',
  '美',
  '中',
  '日',
  '韓',
  '高市',
  '早苗',
  '台灣',
  '臺',
  '訪',
  '軍',
  'レアアース',
  'ロ',
  '首相',
  '、',
  '・',
  '\u0301',
  '\u3099',
  '\u1112\u1161\u11ab',
  '\ud800',
  '\udc00',
  '\u200b',
  '𠮷',
  'ﬁ',
  '㈱',
  '\uf9e1',
  '1',
  '-',
  '"',
  '…',
];
const hostileText = fc.array(
  fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 3 })),
  { maxLength: 60 },
);

describe('a tag says where it comes from', () => {
  test('every mention is a slice of the original field, with the alias and the rule that let it stand', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (title, text, body) => {
        const words = { title: title.join(''), text: text.join(''), body: body.join('') };
        const item = { ...words, lang: null, date: '2026-01-13' };
        for (const { mentions, salience } of tagger.tag(item).tags) {
          expect(salience).toBeGreaterThanOrEqual(0);
          expect(salience).toBeLessThanOrEqual(1);
          expect(mentions.length).toBeGreaterThan(0);
          for (const { field, start, end, surface, alias, rule } of mentions) {
            expect(item[field].slice(start, end)).toBe(surface);
            expect(end).toBeGreaterThan(start);
            expect(alias).not.toBe('');
            expect(rule).not.toBe('');
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('title and text say the same with a full text behind them, and are outweighed by none of it', () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (title, text, body) => {
        const lead = { title: title.join(''), text: text.join(''), lang: null, date: '2026-01-13' };
        const alone = tagger.tag(lead).tags;
        const whole = tagger.tag({ ...lead, body: body.join('') }).tags;
        for (const { id, mentions, salience } of alone) {
          const tag = whole.find((one) => one.id === id);
          expect(tag?.mentions.filter(({ field }) => field !== 'body')).toEqual(mentions);
          expect(tag?.salience).toBeGreaterThanOrEqual(salience);
        }
        for (const { id, salience, mentions } of whole) {
          if (alone.some((one) => one.id === id)) continue;
          expect(mentions.every(({ field }) => field === 'body')).toBe(true);
          expect(salience).toBeLessThanOrEqual(0.2);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the same item has the same tags, whatever was tagged in between', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const item = { title: one.join(''), text: one.join(' '), date: '2026-01-13' };
        const before = JSON.stringify(tagger.tag(item));
        tagger.tag({ title: other.join(''), text: other.join('') });
        expect(JSON.stringify(tagger.tag(item))).toBe(before);
      }),
    );
  });
});

/** Words of four small letters whose hashes lie side by side in a table of 32,768 slots. */
function wordsThatMeet(count: number): string {
  const words: string[] = [];
  const [first, letters] = ['а'.charCodeAt(0), 48];
  for (let n = 0; words.length < count; n++) {
    const word = Uint16Array.from({ length: 4 }, (_, k) => first + (Math.floor(n / letters ** k) % letters));
    if ((spread(hashOf(word, 0, word.length)) & 0x7fff) < 0x200) words.push(String.fromCharCode(...word));
  }
  return words.join(' ');
}

describe('a hostile text', () => {
  const LENGTH = 100_000;
  const texts: Readonly<Record<string, (units: number) => string>> = {
    'one kanji': (units) => '日'.repeat(units),
    'one syllable': (units) => '북'.repeat(units),
    'signs of countries': (units) => '美日韓中'.repeat(units / 4),
    'names side by side': (units) => '中国'.repeat(units / 2),
    'names with dots': (units) => 'China.'.repeat(units / 6),
    'names with spaces': (units) => 'Lee Xi '.repeat(units / 7),
    'beginnings of long names': (units) => 'comprehensive and progressive '.repeat(units / 30),
    'combining marks': (units) => `a${'\u0301\u0327'.repeat(units / 2)}`,
    'lone surrogates': (units) => '\ud800'.repeat(units),
    'one long word': (units) => 'a'.repeat(units),
    'a name that a rival shares, and the rival': (units) => '李強選手 李强 '.repeat(units / 8),
    'signs of one pattern': (units) => 'export dual-use China Japan '.repeat(units / 28),
    'words whose hashes meet': (units) => wordsThatMeet(units / 5),
  };

  const GROWTH = 8;
  /** Linear work grows with its text, quadratic work with the square: this lies between. */
  const COST_GROWTH_MAX = GROWTH ** 1.5;
  /** Processor time, in µs, that says little of what was done in it. */
  const JITTER_MICROS = 2_000;

  /**
   * The tags of a text of `units`, and how many times the work for it is that for an eighth of it. Work is counted in
   * processor time, of which a busy machine takes nothing away.
   */
  function measure(
    textOf: (units: number) => string,
    units: number,
    lang: string,
    field: 'title' | 'text' = 'text',
  ): { tags: readonly Tag[]; growth: number } {
    const tagged = (text: string): { tags: readonly Tag[]; cost: number } => {
      const before = process.cpuUsage();
      const { tags } = tagger.tag({ title: 'x', text: '', [field]: text, lang, date: '2026-01-13' });
      const { user, system } = process.cpuUsage(before);
      return { tags, cost: user + system };
    };
    const part = textOf(units / GROWTH);
    // The first of these runs pays for what the compiler has yet to do. A part that is done in little more than the clock's own jitter
    // is tagged as often as it goes into the whole.
    const first = tagged(part).cost;
    const times = first > JITTER_MICROS ? 1 : GROWTH;
    const run = (): number =>
      Array.from({ length: times }, () => tagged(part).cost).reduce((a, b) => a + b) / times;
    const least = Math.min(first, run(), run());
    // Of the whole, too: the collector's turn for what other tests left behind falls into one of them.
    const whole = textOf(units);
    const runs = [tagged(whole), tagged(whole), tagged(whole)];
    return { tags: runs[0]?.tags ?? [], growth: Math.min(...runs.map(({ cost }) => cost)) / least };
  }

  test.each(Object.entries(texts))('of 100,000 units is tagged in time linear in it: %s', (_, textOf) => {
    const { tags, growth } = measure(textOf, LENGTH, 'zh');
    for (const { mentions } of tags) expect(mentions.length).toBeLessThanOrEqual(100);
    expect(growth).toBeLessThan(COST_GROWTH_MAX);
  });

  test('of 100,000 units as a title is tagged in time linear in it, though each bracket may end a question', () => {
    const textOf = (units: number): string => `북한 ${'가까('.repeat(units / 3)}\n`;
    expect(measure(textOf, LENGTH, 'ko', 'title').growth).toBeLessThan(COST_GROWTH_MAX);
  });

  test.each([
    ['ko', '북한대통령김정은이재명한미일'],
    ['ja', '中国日本首相高市早苗訪韓台湾軍'],
    ['zh', '李强访日中国台湾韩国'],
    ['zh', '美日韓中'],
  ])('of names without spaces costs no more beyond what is read of a field: %s %s', (lang, names) => {
    const textOf = (units: number): string => names.repeat(units / names.length);
    const { tags, growth } = measure(textOf, GROWTH * READ_UNITS_MAX, lang);
    expect(tags).not.toEqual([]);
    // Eight times the work of an eighth, were all of it read.
    expect(growth).toBeLessThan(3);
  });

  test('is tagged up to where it is read', () => {
    const tagged = (before: number): readonly string[] =>
      tagger.tag({ title: '', text: `${'- '.repeat(before / 2)}Taiwan` }).tags.map(({ id }) => id);
    expect(tagged(READ_UNITS_MAX - 6)).toEqual(['taiwan']);
    expect(tagged(READ_UNITS_MAX)).toEqual([]);
  });

  // Looking at the whole text for every name once took 15 seconds here; now it is half a second.
  test('of a megabyte and a half of offices and surnames is tagged in time linear in it', () => {
    const name = 'Japanese Prime Minister Lee ';
    const { tags, growth } = measure((units) => name.repeat(units / name.length), 60_000 * name.length, 'en');
    expect(tags).not.toEqual([]);
    expect(growth).toBeLessThan(COST_GROWTH_MAX);
  });
});
