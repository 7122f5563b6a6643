import { beforeAll, expect, test } from 'vitest';
import { knownAt } from '../../src/query/known-at.ts';
import { InvalidMoment } from '../../src/query/invalid-moment.ts';
import { commandOf, ingested } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const place = useStore();
/** 2026-01-14, noon in Seoul. */
const asked = { now: new Date('2026-01-14T03:00:00Z'), zone: 'Asia/Seoul' };

beforeAll(async () => {
  for (const at of ['2026-01-12T14:59:59.999Z', '2026-01-12T15:00:00Z', '2026-01-13T00:00:30Z']) {
    await place.store.append([commandOf(ingested(at))], new Date(at));
  }
});

test.each([
  ['2', 2],
  ['0', 0],
  ['2026-01-11', 0],
  // Until the day is over where the asker lives.
  ['2026-01-12', 1],
  ['2026-01-13', 3],
  ['2026-01-13T00:00', 2],
  ['2026-01-13T09:00', 3],
  ['2026-01-13T09:00:29', 2],
  ['2026-01-12T23:59:59.999+09:00', 1],
  ['yesterday', 3],
  ['today', 3],
  ['now', 3],
  ['now-28h', 2],
])('known at %s: up to position %i', async (text, position) => {
  expect(await knownAt(place.store.db, text, asked)).toBe(position);
});

test.each([
  ['4', 'is beyond the head: the log ends at position 3'],
  ['99999999999999999999999', 'is beyond the head'],
  ['2026-01-15', 'is in the future'],
  ['now+1m', 'is in the future'],
  ['2026-02-30', 'names no moment: expected a position of the log'],
  ['-1', 'names no moment'],
  ['', 'names no moment'],
  ['x'.repeat(10_000), 'names no moment'],
])('%s is refused with the reason', async (text, reason) => {
  const answer = knownAt(place.store.db, text, asked);
  await expect(answer).rejects.toThrow(InvalidMoment);
  await expect(answer).rejects.toThrow(reason);
});
