import stringWidth from 'string-width';
import { beforeAll, expect, test } from 'vitest';
import type { createTagger } from '../../src/classify/tagger.ts';
import { subjectId } from '../../src/events/ids.ts';
import { markedLine } from '../../src/cli/marked-line.ts';
import { taggingLines } from '../../src/cli/tagging-text.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

let tagger: ReturnType<typeof createTagger>;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

const COLUMNS = 80;
function explained(lang: string, title: string, text = ''): string[] {
  const tagging = tagger.tag({ title, text, lang, date: '2026-01-13' });
  const words = { title, text };
  return taggingLines({ tagging, words, said: lang, source: 'the feed', stakes: null }, COLUMNS);
}

test.each([
  ['ko', '다카이치 총리, 나라서 이 대통령 맞아', '기대만큼 따뜻했다는 두 사람은 셔틀외교를 이어 가기로 하고 만찬장으로 자리를 옮겼다.'],
  ['ja', '李大統領が奈良を発つ　日韓シャトル外交は続く', '西日本の各地で見送りがあり、首相は次の訪韓に意欲を示したという。'],
  ['zh', '李强会见日本客人　中方重申一个中国原则', '七成以上海外人士表示关注，会谈在钓鱼台国宾馆进行了两个多小时。'],
  ['en', 'Lee flies home from Nara after talks with Takaichi', 'The Korea Herald said the talks about rare earth exports from China would go on in Andong before the summer is over.'],
])('a tagging in %s fits into 80 columns and shows the words it rests on', (lang, title, text) => {
  const lines = explained(lang, title, text);
  for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(COLUMNS);
  expect(lines.filter((line) => line.includes('«')).length).toBeGreaterThan(3);
  expect(lines).toContain('    considered and not taken:');
}); // prettier-ignore

test('a tag is told with its place, its rule in words and what its salience is made of', () => {
  const lines = explained('ko', '시진핑이 먼저 말했다');
  expect(lines[0]).toBe('    language   ko, as the feed says');
  expect(lines.slice(-3)).toEqual([
    '    xi-jinping (person), salience 0.75 = in the title 0.50 + early 0.25',
    '      title 0–3  «시진핑»이 먼저 말했다',
    '        시진핑: a Korean word with the particle 이',
  ]);
});

test('a line around a mention keeps the spaces beside it and says where it was cut', () => {
  const text = `${'word '.repeat(60)}Nara today${' more'.repeat(60)}`;
  const line = markedLine(text, 300, 304, 40);
  expect(line).toMatch(/^….*word «Nara» today more.*…$/);
  expect(stringWidth(line)).toBeLessThanOrEqual(40);
  expect(markedLine('In Nara', 3, 7, 40)).toBe('In «Nara»');
});

test('an item of no act says so, and an act of several together is told as among them, each cue once', () => {
  const title = 'Japan and South Korea agree';
  const tagging = tagger.tag({ title, text: '', lang: 'en', date: '2026-01-13' });
  const sides = ['japan', 'south-korea'].map(subjectId);
  const cue = { field: 'title', start: 22, end: 27, surface: 'agree' } as const;
  const cues = [{ ...cue, rule: 'act' } as const, { ...cue, rule: 'theme' } as const];
  const event = { type: 'agree', from: sides, to: sides, confidence: 0.9, cues } as const;
  const shown = { words: { title }, said: 'en', source: 'the feed', stakes: null };
  const none = taggingLines({ ...shown, tagging: { ...tagging, event: null } }, COLUMNS);
  expect(none).toContain('    reports    no act that it knows');
  const lines = taggingLines({ ...shown, tagging: { ...tagging, event } }, COLUMNS);
  expect(lines).toContain('    reports    agree, among japan and south-korea; confidence 0.90');
  expect(lines.filter((line) => line.endsWith('«agree»'))).toHaveLength(1);
});

test('a control character beside a mention leaves a blank', () => {
  expect(markedLine('In\u0007 Nara\u0007 now', 4, 8, 40)).toBe('In «Nara» now');
});

test('what a text can hold against a terminal is not shown', () => {
  const shown = markedLine('a\u001b[31mNara\u202e\n\tb', 6, 10, 40);
  for (const mark of ['\u001b', '\u202e', '\n', '\t']) expect(shown).not.toContain(mark);
});
