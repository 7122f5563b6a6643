import type { Config } from '../config.ts';
import type { Dossier } from '../dossier/dossier.ts';
import { endIdleParsers } from '../ingest/apart.ts';
import type { HttpClient } from '../net/http.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { mendHosts } from '../store/mend-hosts.ts';
import { queuePlace } from '../workers/queue-backend.ts';
import { openQueues } from '../workers/queues.ts';
import { consumers, runWorkers } from '../workers/run.ts';
import type { Role } from '../workers/roles.ts';
import type { Running } from '../workers/run.ts';
import type { SettleDeps } from '../workers/settle.ts';
import { syncDossier } from '../workers/sync-dossier.ts';
import type { SyncCounts } from '../workers/sync-dossier.ts';
import type { WebSubSettings } from '../workers/websub.ts';
import { channelsOf } from './channels.ts';
import { httpClientOf } from './http.ts';
import { leave } from './leaving.ts';
import { holdMemory } from './memory.ts';
import { messageOf } from './output.ts';
import type { Output } from './output.ts';
import type { Session } from './session.ts';
import { packageVersion } from './version.ts';

const EXIT_FAILED = 1;

/** Where hubs reach this process; null when it is not set up. */
function websubOf(config: Config): WebSubSettings | null {
  const {
    SHUTTLEWATCH_WEBSUB_URL: url,
    SHUTTLEWATCH_WEBSUB_HOST: host,
    SHUTTLEWATCH_WEBSUB_PORT: port,
  } = config;
  return url === null ? null : { url, host, port };
}

export interface WorkersOptions {
  readonly dossier: Dossier;
  readonly roles: readonly Role[];
  readonly ticks: boolean;
  readonly pollIntervalMs: number;
  /** Bounds of a feed's own rhythm; POLL_MS_MIN and POLL_MS_MAX of ingest/next-poll.ts unless given. */
  readonly pollMsMin?: number;
  readonly pollMsMax?: number;
  readonly hostGapMs?: number;
  readonly allowPrivate: boolean;
}

/** What is at hand while workers run. */
export interface Working extends SettleDeps {
  readonly http: HttpClient;
  readonly running: Running;
  /** The names of all consumers, for settle. */
  readonly names: readonly string[];
  /** What bringing in the dossier changed. */
  readonly changed: SyncCounts;
}

/**
 * Runs `work` while workers run in this process, with the dossier brought into the log before. They are stopped however
 * it ends; one that will not stop ends the process, since what it holds cannot be taken from it.
 */
export async function withWorkers<T>(
  { store, config, log, now }: Session,
  options: WorkersOptions,
  output: Output,
  work: (working: Working) => Promise<T>,
): Promise<T> {
  await refuseUnfinished(store.db);
  holdMemory();
  const http = httpClientOf(config);
  try {
    const channels = channelsOf(config, http, output.out);
    const changed = await syncDossier(store, options.dossier, now());
    await mendHosts(store.db, now());
    const queues = openQueues(queuePlace(config.REDIS_URL, store.url), log);
    const deps = { store, queues, channels, dossier: options.dossier, now, log };
    const onHalt = (name: string, error: Error | null): void => {
      if (error === null) output.err(`${name} goes on, here or in another process\n`);
      else output.err(`${name} has halted, the rest goes on: ${messageOf(error)}\n`);
    };
    const websub = websubOf(config);
    const running = await runWorkers({
      ...deps,
      ...options,
      http,
      websub,
      version: packageVersion(),
      onHalt,
    });
    try {
      const names = consumers(deps).map((consumer) => consumer.name);
      return await work({ ...deps, http, running, names, changed });
    } finally {
      if (!(await running.stop())) leave(EXIT_FAILED);
    }
  } finally {
    await Promise.all([http.close(), endIdleParsers()]);
  }
}
