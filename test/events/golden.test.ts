import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Shapes } from '../../scripts/event-shapes.ts';
import type { Shape } from '../../scripts/shape.ts';
import { EVENT_TYPES } from '../../src/events/event.ts';
import type { EventType, NewsEvent } from '../../src/events/event.ts';
import { position } from '../../src/events/ids.ts';
import type { EventId, StreamId } from '../../src/events/ids.ts';
import { schemaVersionOf } from '../../src/events/upcast.ts';
import { head, readAfter } from '../../src/store/read.ts';
import { NOON } from '../support/events.ts';
import { appendStored, goldenCases, goldenNames, keptShapes } from '../support/golden.ts';
import type { GoldenCase } from '../support/golden.ts';
import { arbitraryOf, branchesOf, fit } from '../support/shapes.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const golden = new Map<string, GoldenCase[]>();
let shapes: Shapes;

beforeAll(async () => {
  for (const name of await goldenNames()) golden.set(name, await goldenCases(name));
  shapes = await keptShapes();
});

function shapeOf(name: string): Shape {
  const shape = shapes[name];
  if (shape === undefined) throw new Error(`no shape of ${name} is kept: npm run shapes`);
  return shape;
}

/** Every version that a log may hold: from the first of each type to today's. */
const VERSION_NAMES = EVENT_TYPES.flatMap((type) =>
  Array.from({ length: schemaVersionOf(type) }, (_, index) => `${type}-v${index + 1}`),
);
const todayOf = (type: string): string => `${type}-v${schemaVersionOf(type as EventType)}`;

describe('the golden files', () => {
  test('are one for every version of every event, and no other', () => {
    expect([...golden.keys()].sort()).toEqual([...VERSION_NAMES].sort());
  });

  test('hold what their version held, and show every branch of it', () => {
    for (const [name, cases] of golden) {
      const shape = shapeOf(name);
      const fits = cases.map(({ stored }) => fit(shape, stored.data));
      const shown = fits.flatMap((one) => one.shown);
      expect(cases.map(({ stored }) => `${stored.type}-v${stored.schema_version}`)).toEqual(
        cases.map(() => name),
      );
      expect({ name, wrong: fits.flatMap((one) => one.wrong) }).toEqual({ name, wrong: [] });
      expect({ name, missing: branchesOf(shape).filter((branch) => !shown.includes(branch)) }).toEqual({
        name,
        missing: [],
      });
    }
  });

  test('say what today has', () => {
    for (const { stored, today } of [...golden.values()].flat()) {
      const { wrong } = fit(shapeOf(todayOf(stored.type)), today);
      expect({ stored, wrong }).toEqual({ stored, wrong: [] });
    }
  });

  test('come out of the log as they say', async () => {
    const cases = [...golden.values()].flat();
    const before = await head(log.store.db);
    await appendStored(
      log.store.db,
      cases.map(({ stored }) => stored),
    );
    const { events } = await readAfter(log.store.db, before, EVENT_TYPES);
    const read = new Map(events.map((event) => [event.id as string, event]));
    expect(read.size).toBe(cases.length);
    for (const { stored, today } of cases) {
      expect(read.get(stored.event_id)).toMatchObject({
        stream: stored.stream_id,
        type: stored.type,
        decidedAt: new Date(stored.decided_at),
        recordedAt: NOON,
      });
      // Apart, since toMatchObject lets pass what is too much.
      expect(read.get(stored.event_id)?.data, stored.event_id).toEqual(today);
    }
  });
});

test('whatever this build can write it reads back as it was', async () => {
  const anyOf = (type: EventType): fc.Arbitrary<NewsEvent> =>
    fc
      .record({
        data: arbitraryOf(shapeOf(todayOf(type))),
        decidedAt: fc.date({ min: new Date(0), max: NOON, noInvalidDate: true }),
      })
      .map(
        ({ data, decidedAt }) =>
          ({ type, id: crypto.randomUUID() as string as EventId, decidedAt, data }) as NewsEvent,
      );
  const batches = fc.tuple(
    ...EVENT_TYPES.map((type) => fc.array(anyOf(type), { minLength: 1, maxLength: 8 })),
  );
  await fc.assert(
    fc.asyncProperty(batches, async (events) => {
      const before = await head(log.store.db);
      const written = events.flat();
      const stream = `rule-${crypto.randomUUID()}` as StreamId;
      await log.store.append([{ stream, expected: 0, events: written }], NOON);
      const { events: read, until } = await readAfter(log.store.db, before, EVENT_TYPES);
      expect(until).toBe(position(before + written.length));
      expect(read.map(({ type, id, decidedAt, data }) => ({ type, id, decidedAt, data }))).toEqual(written);
    }),
    { numRuns: 20 },
  );
});
