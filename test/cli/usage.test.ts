import { InvalidArgumentError } from 'commander';
import { describe, expect, test } from 'vitest';
import { count, idOption, oneFormat, UsageError } from '../../src/cli/usage.ts';
import { ruleId, subjectId } from '../../src/events/ids.ts';

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

describe('ids', () => {
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
});

test('one format is printed at a time', () => {
  expect(oneFormat({})).toBe('table');
  expect(oneFormat({ csv: true })).toBe('csv');
  expect(() => oneFormat({ csv: true, json: true })).toThrow(UsageError);
});
