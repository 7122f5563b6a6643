import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import type { AlertMessage, Channel, SendOutcome } from '../../src/alerts/channel.ts';
import { FIXTURE_ORIGIN, serveFixtures } from '../../src/cli/fixture-server.ts';
import type { FixtureServer } from '../../src/cli/fixture-server.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { withFeeds } from '../../src/dossier/load.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { tablesOf } from '../../src/projections/projection.ts';
import type { Db } from '../../src/store/database.ts';
import { makeAllDue } from '../../src/store/feed-schedule.ts';
import type { Store } from '../../src/store/store.ts';
import { openQueues } from '../../src/workers/queues.ts';
import type { Queues } from '../../src/workers/queues.ts';
import { consumers, runWorkers } from '../../src/workers/run.ts';
import { ROLES } from '../../src/workers/roles.ts';
import type { Role } from '../../src/workers/roles.ts';
import type { Running } from '../../src/workers/run.ts';
import { settle } from '../../src/workers/settle.ts';
import { syncDossier } from '../../src/workers/sync-dossier.ts';
import { queueDueAlerts, queueDueFeeds } from '../../src/workers/tick.ts';
import { fileQueues } from './queue-place.ts';
import { shuttleDossier } from './shuttle-dossier.ts';

export const FIXTURES = resolve('fixtures/demo');
const DAY_MS = 86_400_000;

/** A channel that keeps what it is given; `outcome` says how each send ends. */
export function keepingChannel(
  outcome: (message: AlertMessage, attempt: number) => SendOutcome = () => ({ kind: 'sent', detail: 'kept' }),
): Channel & { sent: AlertMessage[] } {
  const sent: AlertMessage[] = [];
  return {
    name: 'console',
    sent,
    send(message) {
      sent.push(message);
      return Promise.resolve(
        outcome(message, sent.filter((earlier) => earlier.alert === message.alert).length),
      );
    },
  };
}

/** The dossier, watching the fixtures at `origin`. */
export async function fixtureDossier(origin: string): Promise<Dossier> {
  const listed = await readFile(join(FIXTURES, 'feeds.opml'), 'utf8');
  return withFeeds(await shuttleDossier(), listed.replaceAll(FIXTURE_ORIGIN, origin));
}

export interface Pipeline {
  readonly server: FixtureServer;
  readonly dossier: Dossier;
  readonly queues: Queues;
  readonly running: Running;
  /** The names of the consumers that run. */
  readonly consumers: readonly string[];
  /** Polls every feed and waits until all that follows is done. */
  round(): Promise<void>;
  /** Waits until all that follows from the log is done. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** The whole product in this process, on `store`, over the fixtures. */
export async function startPipeline(
  store: Store,
  channel: Channel,
  options: { readonly roles?: readonly Role[]; readonly now?: () => Date } = {},
): Promise<Pipeline> {
  const { roles = ROLES, now = (): Date => new Date() } = options;
  const server = await serveFixtures({ folder: FIXTURES, slowDelayMs: 100 });
  const dossier = await fixtureDossier(server.url);
  const log = createLog('silent');
  const queues = openQueues(fileQueues(store.url), log);
  const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  await syncDossier(store, dossier, now());
  const deps = { store, queues, dossier, http, channels: new Map([[channel.name, channel]]), now, log };
  const running = await runWorkers({
    ...deps,
    roles,
    ticks: false,
    pollIntervalMs: DAY_MS,
    allowPrivate: true,
  });
  const names = consumers(deps).map((consumer) => consumer.name);
  const settled = (): Promise<void> =>
    settle({ ...deps, queues }, names, { waitFor: ['ingest', 'classify', 'deliver'] });
  return {
    server,
    dossier,
    queues,
    running,
    consumers: names,
    settled,
    async round() {
      await settled();
      await makeAllDue(store.db, now());
      await queueDueFeeds(deps);
      await queueDueAlerts(deps);
      await settled();
    },
    async stop() {
      await running.stop();
      await http.close();
      await server.close();
    },
  };
}

/** Every row of every read table, as text, in an order that does not depend on how it is stored. */
export async function dumpReadTables(db: Db): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const table of PROJECTIONS.flatMap(tablesOf)) {
    const { rows } = await sql<{ row: string }>`
      select to_jsonb(t)::text as row from ${sql.table(table)} t order by 1`.execute(db);
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}

/** How many events of each type the log holds. */
export async function countEvents(db: Db): Promise<Record<string, number>> {
  const { rows } = await sql<{ type: string; events: number }>`
    select type, count(*) as events from sw_log.events group by type order by type`.execute(db);
  return Object.fromEntries(rows.map(({ type, events }) => [type, events]));
}
