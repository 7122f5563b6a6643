import { expect, test } from 'vitest';
import { ruleText } from '../../src/classify/rules.ts';

test('a rule is told in words, each part with its argument', () => {
  expect(ruleText('korean-particle:서, borne-out-by:temple, old')).toBe(
    'a Korean word with the particle 서, and the item has temple, old, which this name asks for',
  );
  expect(ruleText('latin-word, in-context')).toMatch(/, and the item has what this name asks for$/);
});

test('a rule of another build is told by its name', () => {
  expect(ruleText('han-name, by-moonlight:3')).toBe('a name in Han characters, by-moonlight:3');
});

test('an argument may hold commas and dollar signs, and a rule after it is told all the same', () => {
  expect(ruleText('in-other-name:Lee, Park & Co, in-context')).toBe(
    'it is part of Lee, Park & Co, which is something else, and the item has what this name asks for',
  );
  expect(ruleText('followed-by:$& and $1')).toBe('$& and $1 follows');
});
