import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanText, cut, plainText, stripTags } from '../../src/ingest/text.ts';
import { cpuMsOf } from '../support/cpu-time.ts';

describe('plain text from HTML', () => {
  test.each([
    ['<p>One</p><p>Two</p>', 'One Two'],
    ['Big <b>news</b> today', 'Big news today'],
    ['a<br>b', 'a b'],
    ['x &amp; y &lt;z&gt;', 'x & y <z>'],
    ['<script>alert("<p>no</p>")</script>yes', 'yes'],
    ['<!-- hidden -->shown', 'shown'],
    ['<a title="1 > 0">link</a>', 'link'],
    ['<a href="unclosed>text</a> more', 'text more'],
    ['3 < 4 and 5 > 2', '3 < 4 and 5 > 2'],
    ['<속보> 회담 시작', '<속보> 회담 시작'],
    ['It&amp;#39;s &amp;quot;so&amp;quot;', 'It\'s "so"'],
    ['<img src="a.jpg"', '<img src="a.jpg"'],
  ])('%s', (html, text) => {
    expect(plainText(html, 1000)).toBe(text);
  });
});

test('controls, zero-width characters and direction tricks go, joiners of emoji and scripts stay', () => {
  expect(cleanText('a\0b\u0007c\u200bd\u202ee\ufefff')).toBe('abcdef');
  expect(cleanText('👩‍💻')).toBe('👩‍💻');
  expect(cleanText('한국')).toBe('한국');
  expect(cleanText('می\u200cشود')).toBe('می\u200cشود');
  expect(cleanText('क्\u200dष')).toBe('क्\u200dष');
});

test('nothing hides inside a word or behind a headline', () => {
  expect(cleanText('\u200dSam\u200csung 삼\u200d성')).toBe('Samsung 삼성');
  expect(cleanText('up\u061c\u2067 \u202egnp.exe')).toBe('up gnp.exe');
  expect(cleanText('속보\u3164\u3164한일 회담')).toBe('속보 한일 회담');
  const flag = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}';
  expect(cleanText(`Talks\u{e0049}\u{e0067}\u{e006e} ${flag}`)).toBe(`Talks ${flag}`);
});

test('a cut never leaves half of a character', () => {
  expect(cut('a😀b', 2)).toBe('a');
  expect(cut('a😀b', 3)).toBe('a😀');
});

test('plain text can be stored, is bounded, and gives itself when read again as text', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.integer({ min: 1, max: 50 }),
      (html, max) => {
        const text = plainText(html, max);
        expect(text.length).toBeLessThanOrEqual(max);
        expect(text).not.toMatch(/\0/);
        expect(Buffer.from(text).toString()).toBe(text);
        expect(cleanText(text)).toBe(text);
      },
    ),
  );
});

test('stripping is linear in whatever it is given', () => {
  const pieces = [
    '<',
    '>',
    '<a ',
    '"',
    "'",
    '<!--',
    '-->',
    '<script>',
    '</script',
    '</',
    'x',
    '=',
    ' ',
    '<p>',
  ];
  const hostile = [
    ...pieces.map((piece) => piece.repeat(100_000)),
    ...pieces.map((piece) => `<a ${piece}`.repeat(50_000)),
    ...pieces.map((piece) => `${'<a "'.repeat(50_000)}${piece}`),
  ];
  const ms = cpuMsOf(() => {
    for (const html of hostile) stripTags(html);
  });
  expect(ms).toBeLessThan(10_000);
});
