import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { positionBefore, takePulse } from '../../src/query/pulse.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const EVENTS = 37;
const MINUTE_MS = 60_000;
const at = (minutes: number): Date => new Date(NOON.getTime() + minutes * MINUTE_MS);

test('of an empty log there is nothing to tell', async () => {
  expect(await positionBefore(log.store.db, NOON)).toBe(0);
  expect(await takePulse(log.store.db, NOON, NOON)).toMatchObject({
    head: 0,
    eventsLastHour: 0,
    itemsToday: [],
  });
});

test('the position before any moment is what counting finds', async () => {
  for (let index = 0; index < EVENTS; index += 1)
    await log.store.append([commandOf(ingested(`pulse ${index}`), 0)], at(Math.floor(index / 3) * 2));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: -3, max: 30 }), async (minute) => {
      const { rows } = await sql<{ before: number }>`
        select count(*) as before from sw_log.events where recorded_at < ${at(minute)}`.execute(log.store.db);
      expect(await positionBefore(log.store.db, at(minute))).toBe(rows[0]?.before);
    }),
    { numRuns: 40 },
  );
  expect(await takePulse(log.store.db, at(25), NOON)).toMatchObject({
    head: EVENTS,
    eventsLastMinute: 1,
    eventsLastHour: EVENTS,
  });
});
