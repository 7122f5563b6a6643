import { sql } from 'kysely';
import { consumerStream, eventIdOf, position } from '../events/ids.ts';
import type { EventId, Position } from '../events/ids.ts';
import type { ConsumerSkipped } from '../events/consumer.ts';
import { appendIn } from './append.ts';
import { readCheckpoints, resumeCheckpoint } from './checkpoints.ts';
import type { Checkpoint, Culprit } from './checkpoints.ts';
import type { Db, Tx } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';
import { readStreams } from './read.ts';
import type { Store } from './store.ts';

/** What people do about a consumer that has halted, and why it cannot be done. */
export type Release<Done> =
  | { readonly kind: 'released'; readonly done: Done }
  | { readonly kind: 'unknown'; readonly known: readonly string[] }
  | { readonly kind: 'refused'; readonly reason: string };

export interface Skipping {
  readonly reason: string;
  /** Who says so; null where nobody is named. */
  readonly by: string | null;
}

/** The event that is left out from now on. */
export interface Skipped {
  readonly position: Position;
  readonly event: EventId;
  readonly type: string;
}

/** Looks for `name` among all checkpoints, and refuses what has not halted. */
async function findHalted(db: Db, name: string): Promise<Release<Checkpoint>> {
  const all = await readCheckpoints(db);
  const found = all.find((checkpoint) => checkpoint.name === name);
  if (found === undefined) return { kind: 'unknown', known: all.map((checkpoint) => checkpoint.name) };
  if (found.status !== 'halted')
    return { kind: 'refused', reason: `${name} has not halted: it is at position ${found.position}` };
  return { kind: 'released', done: found };
}

/** Somebody else let it go on, after it was looked at. */
function overtaken(name: string, from: Position): Release<never> {
  return { kind: 'refused', reason: `somebody else let ${name} go on from position ${from} meanwhile` };
}

/** Gives a consumer that halted another try at its event; the process that follows notices within a second. */
export async function retryConsumer(store: Store, name: string, now: Date): Promise<Release<Checkpoint>> {
  const found = await findHalted(store.db, name);
  if (found.kind !== 'released') return found;
  const { position: from } = found.done;
  return (await resumeCheckpoint(store.db, name, from, from, now)) ? found : overtaken(name, from);
}

/** The event of a halted consumer, as it is in the log, whether or not this build knows it. */
async function readCulprit(db: Db, { position: at }: Culprit): Promise<Skipped | null> {
  const { rows } = await sql<{ event: string; type: string }>`
    select event_id as event, type from ${EVERY_EVENT} e where position = ${at}`.execute(db);
  const [row] = rows;
  return row === undefined ? null : { position: at, type: row.type, event: row.event as EventId };
}

/**
 * Lets a consumer that halted go on without the event it cannot handle. The checkpoint moves together with the event
 * ConsumerSkipped: where the consumer was given another try meanwhile, and has perhaps handled what is to be left out, the log does
 * not say otherwise.
 */
export async function skipEvent(
  store: Store,
  name: string,
  { reason, by }: Skipping,
  now: Date,
): Promise<Release<Skipped>> {
  const found = await findHalted(store.db, name);
  if (found.kind !== 'released') return found;
  const { culprit, position: from } = found.done;
  if (culprit === null)
    return {
      kind: 'refused',
      reason: `${name} halted over no event in particular: ${found.done.error ?? ''}`,
    };
  const skipped = await readCulprit(store.db, culprit);
  if (skipped === null) {
    const why = 'a hole cannot be skipped, as nothing tells what is missing';
    return { kind: 'refused', reason: `the log holds no position ${culprit.position}: ${why}` };
  }
  const event: ConsumerSkipped = {
    type: 'ConsumerSkipped',
    id: eventIdOf('ConsumerSkipped', name, skipped.position),
    decidedAt: now,
    data: { consumer: name, ...skipped, reason, by },
  };
  const resumed = await store.db.transaction().execute(async (tx) => {
    if (!(await resumeCheckpoint(tx, name, from, skipped.position, now))) return false;
    await appendIn(tx, [{ stream: consumerStream(name), expected: null, events: [event] }], now);
    return true;
  });
  if (!resumed) return overtaken(name, from);
  store.wakeup.appended();
  return { kind: 'released', done: skipped };
}

/** The positions that people have let a consumer leave out: a rebuild of what it fills leaves them out too. */
export async function skippedPositions(db: Db | Tx, consumer: string): Promise<ReadonlySet<Position>> {
  const stream = consumerStream(consumer);
  const events = (await readStreams(db, [stream], ['ConsumerSkipped'])).get(stream) ?? [];
  return new Set(
    events.flatMap((event) => (event.type === 'ConsumerSkipped' ? [position(event.data.position)] : [])),
  );
}
