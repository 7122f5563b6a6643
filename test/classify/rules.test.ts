import { expect, test } from 'vitest';
import { ruleText } from '../../src/classify/rules.ts';

test('a rule is told in words, each part with its argument', () => {
  expect(ruleText('korean-particle:서, in-context')).toBe(
    'a Korean word with the particle 서, and the item has what this name asks for',
  );
});

test('a rule of another build is told by its name', () => {
  expect(ruleText('han-name, by-moonlight:3')).toBe('a name in Han characters, by-moonlight:3');
});
