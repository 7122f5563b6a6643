import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { filterOf } from '../../src/cli/filter.ts';
import { suggestions } from '../../src/cli/known-subjects.ts';
import { count, idOption, idsOption, instant, langs, UsageError } from '../../src/cli/usage.ts';
import { ruleId, subjectId } from '../../src/events/ids.ts';

describe('instant', () => {
  test.each([
    ['2026-01-13', '2026-01-13T00:00:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
    ['2026-01-13T09:00+09:00', '2026-01-13T00:00:00.000Z'],
    ['2026-01-13T00:00Z', '2026-01-13T00:00:00.000Z'],
    ['2026-01-13T23:59:59.5-05:00', '2026-01-14T04:59:59.500Z'],
  ])('%s is %s, wherever the host is', (text, expected) => {
    expect(instant(text).toISOString()).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2026',
    '2026-01',
    '2026-1-3',
    '2026-02-30',
    '2026-13-01',
    '2025-02-29',
    '2026-01-13T09:00',
    '2026-01-13 09:00',
    '2026-01-13T25:00Z',
    '13.01.2026',
    ' 2026-01-13',
    '2026-02-30T00:00Z',
  ])('refuses %j, which is no day and no instant with a zone', (text) => {
    expect(() => instant(text)).toThrow(InvalidArgumentError);
  });
});

describe('count', () => {
  const upTo10 = count(1, 10);

  test('takes whole numbers from first to last', () => {
    expect(['1', '7', '10'].map(upTo10)).toEqual([1, 7, 10]);
  });

  test.each(['0', '11', '-1', '1.5', '', ' ', 'ten', '1e1', '0x3', 'Infinity'])(
    'refuses %j, naming what it takes',
    (text) => {
      expect(() => upTo10(text)).toThrow('from 1 to 10');
    },
  );
});

describe('ids and languages', () => {
  test('an id is parsed, and a wrong one is a usage error that repeats it', () => {
    expect(idOption(ruleId)('nara')).toBe('nara');
    expect(() => idOption(ruleId)('No Rule')).toThrow(InvalidArgumentError);
    expect(() => idOption(ruleId)('No Rule')).toThrow(/"No Rule" is not a rule id/);
    expect(() => idOption(subjectId)('Nara!')).toThrow(InvalidArgumentError);
  });

  test('an error that is not about the id passes through as it is', () => {
    const broken = (): never => {
      throw new RangeError('a mistake of ours');
    };
    expect(() => idOption(broken)('x')).toThrow(RangeError);
  });

  test('repeated options add up', () => {
    const ids = idsOption(subjectId);
    expect(ids('taiwan', ids('nara'))).toEqual(['nara', 'taiwan']);
    expect(langs('zh-Hant', langs('ko'))).toEqual(['ko', 'zh-Hant']);
  });

  test.each(['', 'z', 'z%', 'ko_KR', 'korean', 'zh-', 'en us'])('%j is no language', (text) => {
    expect(() => langs(text)).toThrow(InvalidArgumentError);
  });
});

describe('filterOf', () => {
  const day = (text: string): Date => instant(text);

  test('puts entities and topics together, and asks for nothing where nothing is said', () => {
    expect(filterOf({ entity: [subjectId('taiwan')], topic: [subjectId('cptpp')] }).subjects).toEqual([
      'taiwan',
      'cptpp',
    ]);
    expect(filterOf({})).toEqual({ subjects: [], langs: [], publishers: [], since: null, until: null });
  });

  test('refuses a time that ends before it begins, or where it begins', () => {
    expect(() => filterOf({ since: day('2026-01-14'), until: day('2026-01-13') })).toThrow(UsageError);
    expect(() => filterOf({ since: day('2026-01-13'), until: day('2026-01-13') })).toThrow(UsageError);
    expect(filterOf({ since: day('2026-01-13'), until: day('2026-01-14') }).since).toEqual(day('2026-01-13'));
  });
});

describe('suggestions', () => {
  const known = ['taiwan', 'taiwan-contingency-remarks', 'takeshima-dokdo', 'nara', 'lee-jae-myung'];

  test('are the ids that what was written is a part of, or else the one spelt most alike', () => {
    expect(suggestions('dokdo', known)).toEqual(['takeshima-dokdo']);
    expect(suggestions('taiwan-', known)).toEqual(['taiwan-contingency-remarks']);
    expect(suggestions('taiwn', known)).toEqual(['taiwan']);
  });
});
