import { beforeAll, describe, expect, test } from 'vitest';
import { EVENT_TYPES } from '../../src/events/event.ts';
import type { EventType } from '../../src/events/event.ts';
import { position } from '../../src/events/ids.ts';
import type { Position } from '../../src/events/ids.ts';
import { schemaVersionOf } from '../../src/events/upcast.ts';
import { createLog } from '../../src/log.ts';
import { readCheckpoints } from '../../src/store/checkpoints.ts';
import type { Checkpoint } from '../../src/store/checkpoints.ts';
import { UnknownEvent } from '../../src/store/errors.ts';
import { follow } from '../../src/store/follow.ts';
import { head, readAfter } from '../../src/store/read.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { appendStored } from '../support/golden.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

interface Foreign {
  readonly type: string;
  readonly version: number;
  readonly said: string;
  at: Position;
}
const next = schemaVersionOf('FeedRemoved') + 1;
const FOREIGN: readonly Foreign[] = [
  { type: 'ItemForetold', version: 1, said: 'this build knows no such event', at: position(0) },
  {
    type: 'FeedRemoved',
    version: next,
    said: `this build knows FeedRemoved up to version ${next - 1}`,
    at: position(0),
  },
];

/** Each foreign event lies between two that are known. */
beforeAll(async () => {
  for (const foreign of FOREIGN) {
    await log.store.append([commandOf(ingested(`before ${foreign.type}`))], NOON);
    await appendStored(log.store.db, [
      {
        stream_id: `foreign-${foreign.type}`,
        event_id: crypto.randomUUID(),
        type: foreign.type,
        schema_version: foreign.version,
        decided_at: NOON.toISOString(),
        data: {},
      },
    ]);
    foreign.at = await head(log.store.db);
    await log.store.append([commandOf(ingested(`after ${foreign.type}`))], NOON);
  }
});

describe.each(FOREIGN)('$type version $version', (foreign) => {
  const handles: readonly (readonly EventType[])[] = [['FeedRemoved'], ['ItemIngested'], EVENT_TYPES];

  test('is refused whatever is asked for, by position, type and version, and with what to do', async () => {
    for (const types of handles) {
      const reading = readAfter(log.store.db, position(foreign.at - 1), types);
      await expect(reading).rejects.toThrow(UnknownEvent);
      await expect(reading).rejects.toThrow(
        `position ${foreign.at} holds ${foreign.type} version ${foreign.version}, and ${foreign.said}: run the build that wrote it, or a later one`,
      );
    }
  });
});

test('a consumer that does not handle the type stops before it, says so, and handles nothing past it', async () => {
  const handled: number[] = [];
  const consumer = {
    name: 'of-today',
    handles: ['ItemIngested'] as const,
    handle(_tx: unknown, events: readonly { readonly position: Position }[]) {
      handled.push(...events.map((event) => event.position));
      return Promise.resolve();
    },
  };
  const told: (Error | null)[] = [];
  const onHalt = (error: Error | null): void => void told.push(error);
  const follower = follow(log.store, consumer, createLog('silent'), () => NOON, { onHalt });
  const [first] = FOREIGN;
  const noted = async (): Promise<Checkpoint | undefined> =>
    (await readCheckpoints(log.store.db, ['of-today']))[0];
  await expect.poll(noted, { timeout: 5_000 }).toMatchObject({ status: 'halted' });
  await follower.stop();
  expect(told[0]?.cause).toBeInstanceOf(UnknownEvent);
  const checkpoint = await noted();
  expect(checkpoint).toMatchObject({
    culprit: { position: first?.at, type: first?.type },
    status: 'halted',
    error: expect.stringContaining(
      `UnknownEvent: position ${first?.at ?? 0} holds ItemForetold version 1`,
    ) as string,
  });
  expect(checkpoint?.position).toBeLessThan(first?.at ?? 0);
  expect(handled.every((at) => at < (first?.at ?? 0))).toBe(true);
});
