import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matchRule } from '../../src/alerts/match.ts';
import type { MatchInput } from '../../src/alerts/match.ts';
import { publisherId } from '../../src/events/ids.ts';
import { ANY_CONDITION, condition, tag } from './support.ts';

function item(tags: readonly string[], change: Partial<MatchInput> = {}): MatchInput {
  return { tags: tags.map((id) => tag(id)), lang: 'en', publisher: publisherId('wire'), ...change };
}

const subjects = (input: ReturnType<typeof matchRule>): string[] | null =>
  input === null ? null : input.map((match) => match.subject);

describe('matchRule', () => {
  test('a condition that asks for no subject matches nothing, whatever else it allows', () => {
    expect(matchRule(ANY_CONDITION, item(['nara']))).toBeNull();
    expect(matchRule(condition({ none: ['taiwan'], langs: ['en'] }), item(['nara']))).toBeNull();
  });

  test('each subject of `all` must be there', () => {
    const when = condition({ all: ['nara', 'japan'] });
    expect(matchRule(when, item(['nara']))).toBeNull();
    expect(subjects(matchRule(when, item(['nara', 'japan', 'taiwan'])))).toEqual(['japan', 'nara']);
  });

  test('one subject of `any` is enough, and all that are there are named', () => {
    const when = condition({ any: ['nara', 'japan'] });
    expect(matchRule(when, item(['taiwan']))).toBeNull();
    expect(subjects(matchRule(when, item(['japan'])))).toEqual(['japan']);
    expect(subjects(matchRule(when, item(['nara', 'japan'])))).toEqual(['japan', 'nara']);
  });

  test('`all` and `any` must both hold', () => {
    const when = condition({ all: ['nara'], any: ['japan', 'china'] });
    expect(matchRule(when, item(['nara']))).toBeNull();
    expect(matchRule(when, item(['japan']))).toBeNull();
    expect(subjects(matchRule(when, item(['nara', 'china'])))).toEqual(['china', 'nara']);
  });

  test('a subject of `none` forbids, however faintly it is named', () => {
    const when = condition({ all: ['nara'], none: ['deer'], salienceMin: 0.4 });
    expect(matchRule(when, item(['nara']))).not.toBeNull();
    expect(matchRule(when, { ...item([]), tags: [tag('nara'), tag('deer', 0.01)] })).toBeNull();
  });

  test('a subject named in `all` and in `any` is given once as a reason', () => {
    expect(subjects(matchRule(condition({ all: ['nara'], any: ['nara', 'japan'] }), item(['nara'])))).toEqual(
      ['nara'],
    );
  });

  test('a tag counts from salienceMin on, and not below it', () => {
    const when = condition({ all: ['nara'], salienceMin: 0.3 });
    expect(matchRule(when, { ...item([]), tags: [tag('nara', 0.3)] })).not.toBeNull();
    expect(matchRule(when, { ...item([]), tags: [tag('nara', 0.299)] })).toBeNull();
  });

  test('the reasons come most salient first, each with the words that stand in the item', () => {
    const input = { ...item([]), tags: [tag('japan', 0.2, '日本'), tag('nara', 0.8, '奈良')] };
    expect(matchRule(condition({ any: ['japan', 'nara'] }), input)).toEqual([
      { subject: 'nara', salience: 0.8, surface: '奈良' },
      { subject: 'japan', salience: 0.2, surface: '日本' },
    ]);
  });

  test.each([
    ['zh', 'zh-Hant', true],
    ['zh', 'zh', true],
    ['zh', 'ZH-Hans', true],
    ['ko', 'zh', false],
    ['zh', 'zha', false],
    ['ja', null, false],
  ])('a rule for %s and an item in %s: %s', (allowed, lang, fires) => {
    const match = matchRule(
      condition({ all: ['nara'], langs: ['en-GB', allowed] }),
      item(['nara'], { lang }),
    );
    expect(match !== null).toBe(fires);
  });

  test('an item without language or publisher fires rules that ask for neither', () => {
    expect(
      matchRule(condition({ all: ['nara'] }), item(['nara'], { lang: null, publisher: null })),
    ).not.toBeNull();
  });

  test('only the publishers of the list fire, and an unknown one is none of them', () => {
    const when = condition({ all: ['nara'], publishers: ['wire', 'post'] });
    expect(matchRule(when, item(['nara']))).not.toBeNull();
    expect(matchRule(when, item(['nara'], { publisher: publisherId('ledger') }))).toBeNull();
    expect(matchRule(when, item(['nara'], { publisher: null }))).toBeNull();
  });

  const ids = fc.uniqueArray(fc.constantFrom('nara', 'japan', 'taiwan', 'china', 'deer', 'fish'));
  const conditions = fc
    .record({ all: ids, any: ids, none: ids, salienceMin: fc.double({ min: 0, max: 1, noNaN: true }) })
    .map(condition);
  const tags = fc.uniqueArray(
    fc.record({
      id: fc.constantFrom('nara', 'japan', 'taiwan', 'china', 'deer', 'fish'),
      salience: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    { selector: (one) => one.id },
  );

  test('adding a tag that `none` forbids never turns silence into an alert, and always turns an alert into silence', () => {
    fc.assert(
      fc.property(conditions, tags, (when, drawn) => {
        const forbidden = when.none[0];
        fc.pre(forbidden !== undefined);
        const before = drawn
          .filter(({ id }) => id !== forbidden)
          .map(({ id, salience }) => tag(id, salience));
        const after = [...before, tag(forbidden, 1)];
        expect(matchRule(when, { ...item([]), tags: after })).toBeNull();
      }),
    );
  });

  test('what it names as reasons is tagged, asked for and salient enough, whatever the order of the tags', () => {
    fc.assert(
      fc.property(conditions, tags, (when, drawn) => {
        const input = { ...item([]), tags: drawn.map(({ id, salience }) => tag(id, salience)) };
        const matches = matchRule(when, input);
        expect(matchRule(when, { ...input, tags: input.tags.toReversed() })).toEqual(matches);
        const asked = [...when.all, ...when.any];
        for (const match of matches ?? []) {
          expect(asked).toContain(match.subject);
          expect(match.salience).toBeGreaterThanOrEqual(when.salienceMin);
          expect(input.tags.find((one) => one.id === match.subject)?.salience).toBe(match.salience);
        }
      }),
    );
  });
});
