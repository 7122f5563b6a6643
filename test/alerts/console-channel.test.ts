import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { consoleChannel, printable } from '../../src/alerts/console-channel.ts';
import type { AlertMessage } from '../../src/alerts/channel.ts';
import { toldMatches } from '../../src/alerts/told-matches.ts';
import { subjectId } from '../../src/events/ids.ts';
import { NOON } from '../support/events.ts';
import { message, tag } from './support.ts';

async function printed(alert: AlertMessage): Promise<string> {
  let text = '';
  const outcome = await consoleChannel((piece) => (text += piece)).send(alert, NOON);
  expect(outcome).toEqual({ kind: 'sent', detail: 'printed' });
  return text;
}

/** What a terminal obeys, line ends aside: controls, and marks that break lines or turn text around. */
const OBEYED = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe('the console channel', () => {
  test('prints rule, title, source with link, and reason, one line each', async () => {
    expect(await printed(message('Leaders meet in Nara'))).toBe(
      [
        'ALERT  Nara again',
        '       Leaders meet in Nara',
        '       wire · en · 2026-01-13 02:00  https://wire.example/1',
        '       because nara “Nara”',
        '',
      ].join('\n'),
    );
  });

  test('tells words that were asked for from subjects, and where they stand', async () => {
    const matches = [
      { subject: subjectId('nara'), salience: 0.9, surface: '奈良' },
      { words: '"summit"', field: 'title' as const, surface: 'summits' },
      { words: '中日', field: 'text' as const, surface: '中日' },
    ];
    expect(await printed({ ...message('Two ways'), matches })).toContain(
      'because nara “奈良”, "summit" “summits” in the title, 中日 “中日” in the text\n',
    );
  });

  test('says which matches stand in the full text alone', async () => {
    const [nara, tokyo] = [subjectId('nara'), subjectId('tokyo')];
    const matches = [
      { subject: nara, salience: 0.2, surface: 'Nara' },
      { subject: tokyo, salience: 0.1, surface: 'Tokyo' },
      { words: 'summit*', field: 'body' as const, surface: 'summits' },
    ];
    const [mention, other] = [...tag('nara').mentions, ...tag('tokyo').mentions];
    if (mention === undefined || other === undefined) throw new Error('no mentions');
    const told = toldMatches(matches, [
      { ...tag('nara'), mentions: [{ ...mention, field: 'body' }] },
      { ...tag('tokyo'), mentions: [other, { ...other, field: 'body' }] },
    ]);
    expect(told.map(({ where }) => where)).toEqual(['in the full text', undefined, 'in the full text']);
    expect(await printed({ ...message('Ports'), matches: told })).toContain(
      'because nara “Nara” in the full text, tokyo “Tokyo”, summit* “summits” in the full text\n',
    );
  });

  test('leaves out what the item does not say', async () => {
    const text = await printed(message('Bare', { publisher: null, lang: null, published: null, url: null }));
    expect(text).not.toMatch(/null|undefined|·/);
  });

  test.each([
    ['a colour', '\u001b[31mred'],
    ['a title bar', '\u001b]0;owned\u0007'],
    ['an eight-bit sequence', '\u009b2J'],
    ['a line end', 'one\r\nALERT  forged'],
    ['a line separator', 'one\u2028two'],
    ['an override', 'safe\u202egnp.exe'],
    ['an isolate', '\u2066hidden\u2069'],
    ['an Arabic letter mark', 'a\u061cb'],
    ['a deletion', 'abc\u007f\u0008\u0008'],
  ])(
    'never gives the terminal %s from a title, a matched word, a link or a language',
    async (_what, hostile) => {
      const alert = message(hostile, { url: `https://wire.example/${hostile}`, lang: hostile });
      const match = { subject: subjectId('nara'), salience: 1, surface: hostile };
      const found = { words: hostile, field: 'text' as const, surface: hostile };
      const lines = (await printed({ ...alert, matches: [match, found] })).split('\n');
      expect(lines).toHaveLength(5);
      for (const line of lines) expect(line).not.toMatch(OBEYED);
      expect(lines.filter((line) => line.startsWith('ALERT'))).toHaveLength(1);
    },
  );

  test('printable keeps every other character and is done after one pass', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = printable(text);
        expect(line).not.toMatch(OBEYED);
        expect(printable(line)).toBe(line);
        const rest = (whole: string): string =>
          whole.replace(new RegExp(OBEYED, 'gu'), '').replace(/\s/g, '');
        expect(rest(line)).toBe(rest(text));
      }),
    );
    expect(printable('高市首相が奈良で会談')).toBe('高市首相が奈良で会談');
  });
});
