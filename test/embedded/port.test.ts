import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspectEmbedded, runningServer } from '../../src/embedded/inspect.ts';
import { isPortFree, portOwner } from '../../src/embedded/port-owner.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { freePort } from '../support/free-port.ts';
import { openFolder } from './support.ts';

const log = createLog('silent');
let folder = '';

beforeAll(async () => {
  folder = await openFolder();
});
afterAll(() => rm(folder, { recursive: true }));

test('the server listens where it is told, and one who looks sees it without joining', async () => {
  const dataDir = join(folder, 'fixed');
  expect(await inspectEmbedded(dataDir)).toMatchObject({
    exists: false,
    writable: true,
    server: null,
    users: [],
  });
  const port = await freePort();
  const postgres = await startEmbeddedPostgres({ dataDir, port, log, durable: false });
  expect(new URL(postgres.url).port).toBe(port.toString());
  expect(await inspectEmbedded(dataDir)).toMatchObject({
    exists: true,
    lockedBy: null,
    users: [process.pid],
    server: { port, serves: true, url: postgres.url },
    dataMajor: '18',
    readable: true,
    problem: null,
  });
  expect(await runningServer(dataDir)).toBe(postgres.url);
  await postgres.stop();
  expect(await inspectEmbedded(dataDir)).toMatchObject({
    exists: true,
    server: null,
    users: [],
    dataMajor: '18',
  });
  expect(await runningServer(dataDir)).toBeNull();
});

test('a port that is taken is named, with who has it, and nothing is left behind', async () => {
  const dataDir = join(folder, 'fixed');
  const squatter = createServer().listen(0, '127.0.0.1');
  await once(squatter, 'listening');
  const address = squatter.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const owner = process.platform === 'linux' ? `process ${process.pid} (` : 'another program';
  expect(await isPortFree(port)).toBe(false);
  expect(await portOwner(port)).toContain(owner);
  await expect(startEmbeddedPostgres({ dataDir, port, log, durable: false })).rejects.toThrow(
    `port ${port} is taken by ${owner}`,
  );
  expect(await inspectEmbedded(dataDir)).toMatchObject({ lockedBy: null, server: null, users: [] });
  squatter.close();
  await once(squatter, 'close');
  expect(await isPortFree(port)).toBe(true);
});
