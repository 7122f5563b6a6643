import { beforeAll, describe, expect, test } from 'vitest';
import { NO_ENTITY, timeline, TIMELINE_BARS_MAX } from '../../src/query/timeline.ts';
import type { TimelineBar, TimelineSplit, TimelineUnit } from '../../src/query/timeline.ts';
import { NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';
import { filterOf } from './asking.ts';
import { fill } from './fill.ts';

const log = useStore();

function ask(
  by: TimelineUnit,
  text: string,
  zone = 'UTC',
  split: TimelineSplit | null = null,
): Promise<TimelineBar[]> {
  const countries = new Map([['wire' as never, 'US']]);
  return timeline(log.store.db, filterOf(text, { zone }), { by, split, zone, countries, now: NOON });
}

async function bars(by: TimelineUnit, text: string, zone = 'UTC'): Promise<string[]> {
  return (await ask(by, text, zone)).map(({ from, items }) => `${from} ${items}`);
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
      ['of any name', '2024-05-05T00:00:00.000Z', 'constructor'],
      ['about nobody', '2026-01-28T01:00:00.000Z', ''],
    ].map(([name = '', published = '', subject = '']) => ({
      name,
      published,
      subjects: subject === '' ? [] : [subject],
    })),
  ),
);

describe('timeline', () => {
  test('counts by day in UTC, with the silent days in between', async () => {
    expect(await bars('day', 'subject:a published:<2026-01-09')).toEqual([
      '2026-01-04 1',
      '2026-01-05 1',
      '2026-01-06 0',
      '2026-01-07 0',
      '2026-01-08 1',
    ]);
  });

  test('shows the silence at both ends of the time asked for, and none that has not been yet', async () => {
    const zeros = (...days: readonly number[]): string[] => days.map((day) => `2026-01-${day} 0`);
    expect(await bars('day', 'subject:a published:[2026-01-10 TO 2026-01-12]')).toEqual(zeros(10, 11, 12));
    expect(await bars('day', 'subject:nobody published:>=now-48h')).toEqual(zeros(11, 12, 13));
    expect(await bars('day', 'subject:nobody published:[2026-01-12 TO 2026-01-31]')).toEqual(zeros(12, 13));
    expect(await bars('day', 'subject:nobody published:>=2026-02')).toEqual([]);
    expect(await bars('week', 'subject:a published:[2025-12-24 TO 2026-01-13]', 'Asia/Seoul')).toEqual([
      '2025-12-22 0',
      '2025-12-29 0',
      '2026-01-05 3',
      '2026-01-12 0',
    ]);
  });

  test('counts a subject of any name, one that every object has among them', async () => {
    const [bar, ...others] = await ask('day', 'subject:constructor', 'UTC', 'entity');
    expect(others).toEqual([]);
    expect(Object.entries(bar?.parts ?? {})).toEqual([['constructor', 1]]);
  });

  test('counts by weeks that begin on Monday, with the silent weeks in between', async () => {
    expect(await bars('week', 'published:>=2026-01-04')).toEqual([
      '2025-12-29 1',
      '2026-01-05 3',
      '2026-01-12 0',
      '2026-01-19 0',
      '2026-01-26 2',
    ]);
  });

  test('counts what the filter asks for and nothing else', async () => {
    expect(await bars('day', 'subject:b')).toEqual(['2026-01-05 1']);
    expect(await bars('day', 'subject:nobody')).toEqual([]);
  });

  test('of a span too long it gives the newest bars, without a gap', async () => {
    const found = await ask('day', 'subject:ancient');
    expect(found).toHaveLength(TIMELINE_BARS_MAX);
    expect(found.at(-1)).toEqual({ from: '2026-01-01', items: 1, parts: {} });
    expect(found.at(-2)).toEqual({ from: '2025-12-31', items: 0, parts: {} });
    expect(await bars('week', 'subject:ancient')).toHaveLength(3967);
  });

  test('counts the days of the asker’s zone', async () => {
    expect(await bars('day', 'subject:(a OR b) published:[2026-01-05 TO 2026-01-06]', 'Asia/Seoul')).toEqual([
      '2026-01-05 2',
      '2026-01-06 1',
    ]);
  });

  test.each([
    ['lang', { en: 1 }],
    ['country', { US: 1 }],
    ['entity', { a: 1 }],
  ] as const)('splits bars by %s', async (split, parts) => {
    const [first] = await ask('day', 'subject:a', 'UTC', split);
    expect(first).toEqual({ from: '2026-01-04', items: 1, parts });
  });

  test('shows what has no entity as such, so that its day does not look silent', async () => {
    const [day] = await ask('day', 'published:2026-01-28', 'UTC', 'entity');
    expect(day).toEqual({ from: '2026-01-28', items: 2, parts: { a: 1, [NO_ENTITY]: 1 } });
  });
});
