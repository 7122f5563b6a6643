import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { createLog } from '../../src/log.ts';
import { openStore } from '../../src/store/store.ts';
import { listProcesses } from '../../src/store/processes.ts';
import { startHeartbeat } from '../../src/workers/heartbeat.ts';
import { keepingChannel, startPipeline } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => new Date();

test('a process that works is on the list with its roles, and off it after a clean stop', async () => {
  const pipeline = await startPipeline(log.store, keepingChannel(), { roles: ['classify', 'follow'] });
  await expect
    .poll(async () => await listProcesses(log.store.db))
    .toMatchObject([{ host: hostname(), pid: process.pid, roles: ['classify', 'follow'], halted: [] }]);
  await pipeline.stop();
  expect(await listProcesses(log.store.db)).toEqual([]);
});

test('a process that cannot be heard goes on, and stops as usual', async () => {
  const store = openStore('postgres://nobody@127.0.0.1:1/none', () => undefined);
  const heartbeat = startHeartbeat({
    store,
    roles: ['ingest'],
    halted: new Map(),
    now,
    log: createLog('silent'),
  });
  await heartbeat.stop();
  await store.close();
});
