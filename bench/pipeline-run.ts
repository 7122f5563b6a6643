import { sql } from 'kysely';
import { openStore } from '../src/store/store.ts';
import { queuePlace } from '../src/workers/queue-backend.ts';
import { bareInsert } from './bare-insert.ts';
import { bareJobs } from './bare-jobs.ts';
import type { Children } from './children.ts';
import type { NewsWriter, Outlet } from './news.ts';
import type { Figures, Via } from './pipeline-figures.ts';
import type { Postgres } from './postgres.ts';
import type { BenchRedis } from './redis.ts';

/** One configuration and what it runs on: a fresh database, a fresh Redis. */
export interface RunOptions {
  readonly items: number;
  readonly processes: number;
  readonly postgres: Postgres;
  /** Null: the queues are on Postgres. */
  readonly redis: BenchRedis | null;
  /** The folder of the dossier that is watched. */
  readonly dossier: string;
  /** For files of this run. */
  readonly folder: string;
  readonly outlets: readonly Outlet[];
  readonly write: NewsWriter;
  readonly labWorker: string;
}

/** Counts in the log after a run. */
async function logCounts(url: string): Promise<{ events: number; alerts: number }> {
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
export function settingsOf({
  postgres,
  redis,
  dossier,
}: Pick<RunOptions, 'postgres' | 'redis' | 'dossier'>): Record<string, string> {
  return {
    SHUTTLEWATCH_DATA: postgres.dataDir,
    SHUTTLEWATCH_DOSSIER: dossier,
    SHUTTLEWATCH_LOG: 'error',
    ...(redis !== null && { REDIS_URL: redis.url }),
  };
}

/** Seconds of CPU of each party. */
export interface Costs {
  readonly node: number;
  readonly postgres: number;
  readonly redis: number;
}

async function costsNow(children: Children, { postgres, redis }: RunOptions): Promise<Costs> {
  return {
    node: await children.cpuSeconds(),
    postgres: await postgres.cpuSeconds(),
    redis: (await redis?.cpuSeconds()) ?? 0,
  };
}

/** Runs `work`; gives how long it took and what it cost. */
export async function costsOf(
  children: Children,
  options: RunOptions,
  work: () => Promise<void>,
): Promise<{ seconds: number; costs: Costs }> {
  const before = await costsNow(children, options);
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1_000;
  const after = await costsNow(children, options);
  return {
    seconds,
    costs: {
      node: after.node - before.node,
      postgres: after.postgres - before.postgres,
      redis: after.redis - before.redis,
    },
  };
}

/** The figures of a run that is over and whose children have ended; measures the baselines beside it. */
export async function figuresOf(
  via: Via,
  options: RunOptions,
  children: Children,
  { seconds, costs }: { seconds: number; costs: Costs },
): Promise<Figures> {
  const { items, processes, postgres, redis } = options;
  const counts = await logCounts(postgres.url);
  const insert = await bareInsert(postgres);
  const jobs = await bareJobs(queuePlace(redis?.url ?? null, postgres.url));
  const perThousand = (cpu: number): number => (cpu * 1_000) / items;
  return {
    ...{ via, queues: redis === null ? 'postgres' : 'redis', processes, items, seconds },
    ...counts,
    itemsPerSecond: items / seconds,
    nodeCpu: perThousand(costs.node),
    postgresCpu: perThousand(costs.postgres),
    redisCpu: perThousand(costs.redis),
    peaks: children.peaks(),
    bareInsertsPerSecond: insert.eventsPerSecond,
    bareInsertCpu: perThousand(insert.cpuSeconds),
    bareJobsPerSecond: jobs,
  };
}
