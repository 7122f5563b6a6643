import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relevanceOf, stakesOf } from '../../src/classify/relevance.ts';
import { subjectId } from '../../src/events/ids.ts';
import type { SubjectKind, Tag } from '../../src/events/item.ts';

const KINDS: Readonly<Record<string, SubjectKind>> = {
  japan: 'country', korea: 'country', premier: 'person', deer: 'topic', pact: 'agreement', iran: 'country',
}; // prettier-ignore
const STAKES = stakesOf(
  Object.keys(KINDS).map((id) => ({
    id: subjectId(id),
    importance: id === 'iran' ? 0.1 : 1,
    side: id === 'premier' ? subjectId('japan') : null,
  })),
);
const tagsOf = (saliences: Readonly<Record<string, number>>): Tag[] =>
  Object.entries(saliences).map(([id, salience]) => ({
    id: subjectId(id), kind: KINDS[id] ?? 'topic', salience, mentions: [],
  })); // prettier-ignore
const of = (saliences: Readonly<Record<string, number>>) =>
  relevanceOf(tagsOf(saliences), (id) => STAKES.get(id) ?? { importance: 0, side: id });

test('a pair is of two sides: a country and its premier are none', () => {
  expect(of({ japan: 0.9, premier: 0.8 })).toMatchObject({ value: 0.27, pair: { ids: [], share: 0 } });
  const { value, pair } = of({ japan: 0.4, premier: 0.9, korea: 0.4 });
  expect(pair).toEqual({ ids: ['premier', 'korea'], share: expect.closeTo(0.6, 9) as number });
  expect(value).toBe(0.708);
});

test('a topic of the dossier counts for itself, a country named in passing for hardly anything', () => {
  expect(of({ deer: 0.8 }).value).toBe(0.8);
  expect(of({ japan: 0.2 }).value).toBe(0.06);
  expect(of({ iran: 0.9 }).value).toBe(0.027);
  expect(of({}).value).toBe(0);
});

test('it stays between 0 and 1, and more of anything never lowers it', () => {
  const saliences = fc.dictionary(
    fc.constantFrom(...Object.keys(KINDS)),
    fc.double({ min: 0, max: 1, noNaN: true }),
  );
  fc.assert(
    fc.property(saliences, fc.constantFrom(...Object.keys(KINDS)), (some, id) => {
      const less = of(some).value;
      const more = of({ ...some, [id]: 1 }).value;
      expect(less).toBeGreaterThanOrEqual(0);
      expect(more).toBeGreaterThanOrEqual(less);
      expect(more).toBeLessThanOrEqual(1);
    }),
  );
});
