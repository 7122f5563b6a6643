// The product as a process of its own, to be killed: reads its orders as one line of JSON on stdin, works until the log
// has had its effect, says so, and ends. Told of a failpoint, it kills itself there.
import { createInterface } from 'node:readline';
import { webhookChannel } from '../../src/alerts/webhook-channel.ts';
import { createLog } from '../../src/log.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { openDossier } from '../../src/query/dossier.ts';
import { openStore } from '../../src/store/store.ts';
import { queuePlace } from '../../src/workers/queue-backend.ts';
import { openQueues } from '../../src/workers/queues.ts';
import { consumers, runWorkers } from '../../src/workers/run.ts';
import { syncDossier } from '../../src/workers/sync-dossier.ts';
import { Trap } from './failpoints.ts';
import { archive } from './archive.ts';
import type { Orders } from './process.ts';
import { untilQuiet } from './quiet.ts';
import { SECRET } from './world.ts';

const say = (word: object): boolean => process.stdout.write(`${JSON.stringify(word)}\n`);

async function work(orders: Orders): Promise<void> {
  const { failpoint, url, aheadMs, callbackPort } = orders;
  const trap = failpoint === null ? null : new Trap(failpoint.name, failpoint.nth);
  const now = (): Date => new Date(Date.now() + aheadMs);
  const log = createLog('warn');
  const store = openStore(url, (error) => {
    log.warn({ error: error.message }, 'connection lost');
  });
  const dossier = await openDossier(orders.dossier);
  const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
  const webhook = webhookChannel({ url: orders.hook, secret: SECRET, http });
  const channel = trap?.channel(webhook) ?? webhook;
  await syncDossier(store, dossier, now());
  const opened = openQueues(queuePlace(orders.redisUrl, url), log);
  const queues = trap?.queues(opened) ?? opened;
  const deps = { store, queues, dossier, http, channels: new Map([[channel.name, channel]]), now, log };
  const running = await runWorkers({
    ...deps,
    roles: orders.roles,
    ticks: true,
    pollIntervalMs: orders.pollMs,
    allowPrivate: true,
    websub: { url: `http://127.0.0.1:${callbackPort}`, host: '127.0.0.1', port: callbackPort },
  });
  say({ said: 'started' });
  if (orders.archive !== null) {
    await archive({ store, dossier, now }, orders.archive, (done) => say({ said: 'imported', done }));
  }
  const names = consumers(deps).map((consumer) => consumer.name);
  await untilQuiet(deps, { ...orders, names, halted: running.halted });
  say({ said: 'settled' });
  await running.stop();
  await http.close();
  await store.close();
}

const input = createInterface(process.stdin);
input.once('line', (line) => {
  input.close();
  work(JSON.parse(line) as Orders).then(
    () => process.exit(0),
    (error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      process.exit(1);
    },
  );
});
