/** `up` for bench/feeds.ts: the product's own composition, with a resolver that knows no hosts but this machine. */
import { openDossier } from '../src/query/dossier.ts';
import { openStore } from '../src/store/store.ts';
import { createLog } from '../src/log.ts';
import { createHttpClient } from '../src/net/http.ts';
import { queuePlace } from '../src/workers/queue-backend.ts';
import { openQueues } from '../src/workers/queues.ts';
import { ROLES } from '../src/workers/roles.ts';
import { runWorkers } from '../src/workers/run.ts';
import { holdMemory } from '../src/cli/memory.ts';

const [url = '', dossierFolder = ''] = process.argv.slice(2);
const MINUTE_MS = 60_000;
holdMemory();
const log = createLog('debug');
const store = openStore(url, (error) => {
  log.warn({ err: error }, 'connection lost');
});
const http = createHttpClient({
  contactUrl: 'https://bench.example/',
  version: '0',
  lookup: (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address: '127.0.0.1', family: 4 }]);
    else callback(null, '127.0.0.1', 4);
  },
});
const dossier = await openDossier(dossierFolder);
const queues = openQueues(queuePlace(null, url), log);
const now = (): Date => new Date();
const deps = { store, queues, dossier, http, channels: new Map(), now, log };
const running = await runWorkers({
  ...deps,
  roles: ROLES,
  ticks: true,
  pollIntervalMs: 15 * MINUTE_MS,
  allowPrivate: true,
});
process.once('SIGTERM', () => {
  void running
    .stop()
    .then(() => Promise.all([http.close(), store.close()]))
    .then(() => process.exit(0));
});
