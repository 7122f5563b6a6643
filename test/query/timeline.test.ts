import { beforeAll, describe, expect, test } from 'vitest';
import { ANY_ITEM } from '../../src/query/search.ts';
import type { ItemFilter } from '../../src/query/search.ts';
import { timeline, TIMELINE_BARS_MAX } from '../../src/query/timeline.ts';
import type { TimelineUnit } from '../../src/query/timeline.ts';
import { useStore } from '../support/store.ts';
import { fill, subjectsOf } from './fill.ts';

const log = useStore();

async function bars(by: TimelineUnit, change: Partial<ItemFilter> = {}): Promise<string[]> {
  const found = await timeline(log.store.db, { ...ANY_ITEM, ...change }, by);
  return found.map(({ from, items }) => `${from} ${items}`);
}

beforeAll(() =>
  fill(
    log.store,
    [
      // A Sunday and the Monday after it, and both sides of midnight UTC, which Seoul sees nine hours earlier.
      ['sunday', '2026-01-04T23:59:59.999Z', 'a'],
      ['monday', '2026-01-05T00:00:00.000Z', 'a'],
      ['monday too', '2026-01-05T15:30:00.000Z', 'b'],
      ['thursday', '2026-01-08T12:00:00.000Z', 'a'],
      ['three weeks on', '2026-01-28T00:00:00.000Z', 'a'],
      ['long ago', '1950-01-01T00:00:00.000Z', 'ancient'],
      ['of late', '2026-01-01T00:00:00.000Z', 'ancient'],
    ].map(([name = '', published = '', subject = '']) => ({ name, published, subjects: [subject] })),
  ),
);

describe('timeline', () => {
  test('counts by day in UTC, with the silent days in between', async () => {
    expect(await bars('day', { subjects: subjectsOf('a'), until: new Date('2026-01-20') })).toEqual([
      '2026-01-04 1',
      '2026-01-05 1',
      '2026-01-06 0',
      '2026-01-07 0',
      '2026-01-08 1',
    ]);
  });

  test('counts by weeks that begin on Monday, with the silent weeks in between', async () => {
    expect(await bars('week', { since: new Date('2026-01-04') })).toEqual([
      '2025-12-29 1',
      '2026-01-05 3',
      '2026-01-12 0',
      '2026-01-19 0',
      '2026-01-26 1',
    ]);
  });

  test('counts what the filter asks for and nothing else', async () => {
    expect(await bars('day', { subjects: subjectsOf('b') })).toEqual(['2026-01-05 1']);
    expect(await bars('day', { subjects: subjectsOf('nobody') })).toEqual([]);
  });

  test('of a span too long it gives the newest bars, without a gap', async () => {
    const found = await timeline(log.store.db, { ...ANY_ITEM, subjects: subjectsOf('ancient') }, 'day');
    expect(found).toHaveLength(TIMELINE_BARS_MAX);
    expect(found.at(-1)).toEqual({ from: '2026-01-01', items: 1 });
    expect(found.at(-2)).toEqual({ from: '2025-12-31', items: 0 });
    expect(await bars('week', { subjects: subjectsOf('ancient') })).toHaveLength(3967);
  });
});
