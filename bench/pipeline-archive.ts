import { join } from 'node:path';
import { sql } from 'kysely';
import { openStore } from '../src/store/store.ts';
import { writeArchive } from './archive.ts';
import { bareInsert } from './bare-insert.ts';
import { Children, CLI } from './children.ts';
import type { Child } from './children.ts';
import type { NewsWriter } from './news.ts';
import type { Figures, QueuePlaceName } from './pipeline-figures.ts';
import type { Postgres } from './postgres.ts';

export interface RunOptions {
  readonly items: number;
  readonly processes: number;
  readonly queues: QueuePlaceName;
  readonly postgres: Postgres;
  /** Null where the queues are on Postgres. */
  readonly redis: { readonly url: string; cpuSeconds(): Promise<number> } | null;
  /** The folder of the dossier that is watched. */
  readonly dossier: string;
  /** For files of this run. */
  readonly folder: string;
  readonly write: NewsWriter;
  readonly labWorker: string;
}

/** Counts in the log after a run. */
export async function logCounts(url: string): Promise<{ events: number; alerts: number }> {
  const store = openStore(url, () => undefined);
  try {
    const { rows } = await sql<{ events: number; alerts: number }>`
      select count(*) as events, count(*) filter (where type = 'AlertRaised') as alerts
        from sw_log.events`.execute(store.db);
    return rows[0] ?? { events: 0, alerts: 0 };
  } finally {
    await store.close();
  }
}

/** The settings that every child of a run gets. */
export function settingsOf({ postgres, redis, dossier }: RunOptions): Record<string, string> {
  return {
    SHUTTLEWATCH_DATA: postgres.dataDir,
    SHUTTLEWATCH_DOSSIER: dossier,
    SHUTTLEWATCH_LOG: 'error',
    ...(redis !== null && { REDIS_URL: redis.url }),
  };
}

/** What everything has used so far: seconds of CPU. */
async function costs(children: Children, { postgres, redis }: RunOptions): Promise<[number, number, number]> {
  return [await children.cpuSeconds(), await postgres.cpuSeconds(), (await redis?.cpuSeconds()) ?? 0];
}

/** Measures `work` and what it came to. */
export async function measured(
  via: Figures['via'],
  options: RunOptions,
  children: Children,
  work: () => Promise<void>,
): Promise<Figures> {
  const { items, processes, queues, postgres } = options;
  const before = await costs(children, options);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const after = await costs(children, options);
  const perThousand = (index: 0 | 1 | 2): number => ((after[index] - before[index]) * 1_000) / items;
  await children.stop();
  const counts = await logCounts(postgres.url);
  const bare = await bareInsert(postgres);
  return {
    ...{ via, queues, processes, items, seconds, ...counts },
    itemsPerSecond: items / seconds,
    nodeCpu: perThousand(0),
    postgresCpu: perThousand(1),
    redisCpu: perThousand(2),
    peaks: children.peaks(),
    bareInsertsPerSecond: bare.eventsPerSecond,
    bareInsertCpu: (bare.cpuSeconds * 1_000) / items,
  };
}

/**
 * An archive through the whole pipeline: one `ingest` with `processes` - 1 workers beside it, from its start until it says
 * that all is tagged and all consumers have caught up.
 */
export async function runArchive(options: RunOptions): Promise<Figures> {
  const file = join(options.folder, 'archive.jsonl');
  await writeArchive(file, options.write, options.items);
  const children = new Children(settingsOf(options));
  try {
    const workers: Child[] = [];
    for (let n = 1; n < options.processes; n++) {
      const worker = children.start(`work-${n}`, [options.labWorker, 'classify,follow']);
      workers.push(worker);
      await children.speaks(worker, /lab: /);
    }
    return await measured('archive', options, children, async () => {
      const ingest = children.start('ingest', [CLI, 'ingest', file, '--json']);
      await children.ended(ingest);
    });
  } finally {
    await children.stop();
  }
}
