import { existsSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { createLog } from '../../src/log.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { rebuildWords } from '../../src/projections/words.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { isPassing } from '../../src/store/errors.ts';
import { follow } from '../../src/store/follow.ts';
import { makePartitionsAhead } from '../../src/store/partitions.ts';
import { SEALS_CONSUMER, sealNext } from '../../src/store/seal-log.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { verify } from '../../src/store/verify.ts';
import { followSeals } from '../../src/workers/seal-log.ts';
import { exportFile, importFile } from './copies.ts';
import type { Acknowledged, Range } from './items-written.ts';

const RETRY_MS = 50;
const MAKE_PARTITIONS_EVERY_MS = 100;
/** Batches of seals in one job. */
const SEAL_STEPS = 20;

interface Partitions {
  /** Positions in each that it makes: few, so that the log goes over their edges again and again. */
  readonly partitionEvents: number;
}

/** What a process can be told to do with the log. */
export type Job =
  | ({ readonly kind: 'append' } & Range)
  /** All that a process does which follows the log: projections, seals, partitions. Until it is killed. */
  | ({ readonly kind: 'follow' } & Partitions)
  | { readonly kind: 'rebuild'; readonly projection: string }
  | { readonly kind: 'rebuild words' }
  | { readonly kind: 'seal' }
  | ({ readonly kind: 'partition' } & Partitions)
  | { readonly kind: 'verify' }
  | { readonly kind: 'export'; readonly file: string }
  /** Into the database at `into`, which goes on where an import before it ended. */
  | { readonly kind: 'import'; readonly file: string; readonly into: string };

export type Word =
  | { readonly said: 'done' }
  | { readonly said: 'acknowledged'; readonly events: readonly Acknowledged[] }
  /** A law that it saw broken. */
  | { readonly said: 'broken'; readonly law: string };

export interface JobDeps {
  readonly store: Store;
  readonly now: () => Date;
  readonly say: (word: Word) => void;
}

async function persistently(work: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isPassing(error)) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

async function followLog({ store, now, say }: JobDeps, { partitionEvents }: Partitions): Promise<void> {
  const log = createLog('error');
  await store.wakeup.listen();
  const onHalt = (error: Error | null): void => {
    if (error !== null) say({ said: 'broken', law: `a consumer halted: ${error.name}: ${error.message}` });
  };
  for (const projection of PROJECTIONS) follow(store, consumerOf(projection), log, now, { onHalt });
  followSeals({ store, now, log, onHalt });
  for (;;) {
    await persistently(() => makePartitionsAhead(store.db, partitionEvents));
    await setTimeout(MAKE_PARTITIONS_EVERY_MS);
  }
}

async function seal({ store, now }: JobDeps): Promise<void> {
  await ensureCheckpoint(store.db, SEALS_CONSUMER, now());
  for (let step = 0; step < SEAL_STEPS; step++) {
    const sealed = await sealNext(store.db, true, now());
    if (sealed === null || sealed.seals === 0) await setTimeout(RETRY_MS);
  }
}

async function lookForDamage({ store, say }: JobDeps): Promise<void> {
  const { damages } = await verify(store.db);
  for (const damage of damages) say({ said: 'broken', law: `verify found ${JSON.stringify(damage)}` });
}

async function append({ store, now, say }: JobDeps, range: Range): Promise<void> {
  // Loaded by those that need it: it makes up a language of 80,000 words first.
  const { writeItems } = await import('./items-written.ts');
  await writeItems(store, range, now, (events) => {
    say({ said: 'acknowledged', events });
  });
}

async function rebuildOne({ store, now }: JobDeps, name: string): Promise<void> {
  const projection = PROJECTIONS.find((each) => each.name === name);
  if (projection === undefined) throw new Error(`there is no projection ${name}`);
  await rebuild(store.db, projection, { now });
}

async function importInto({ now }: JobDeps, file: string, into: string): Promise<void> {
  // Whoever should have exported it was killed.
  if (!existsSync(file)) return;
  const copy = openStore(into, () => undefined);
  try {
    await importFile(copy.db, file, now);
  } finally {
    await copy.close();
  }
}

async function once(deps: JobDeps, job: Job): Promise<unknown> {
  const { store, now } = deps;
  switch (job.kind) {
    case 'append':
      await append(deps, job);
      return;
    case 'follow':
      await followLog(deps, job);
      return;
    case 'rebuild':
      await rebuildOne(deps, job.projection);
      return;
    case 'rebuild words':
      return await rebuildWords(store.db, { now });
    case 'seal':
      await seal(deps);
      return;
    case 'partition':
      return await makePartitionsAhead(store.db, job.partitionEvents);
    case 'verify':
      await lookForDamage(deps);
      return;
    case 'export':
      await exportFile(store.db, job.file, now);
      return;
    case 'import':
      await importInto(deps, job.file, job.into);
      return;
  }
}

/** Does a job, again from its beginning whenever the database was away meanwhile. */
export async function doJob(deps: JobDeps, job: Job): Promise<void> {
  await persistently(() => once(deps, job));
}
