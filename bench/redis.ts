/** A Redis of its own for one run, set up as queues want it: nothing evicted, every second on disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onSignal } from './cleanup.ts';
import { treeCpuSeconds } from './processes.ts';

const SERVERS = ['/usr/bin/valkey-server', '/usr/bin/redis-server'];

export interface BenchRedis {
  readonly url: string;
  /** Seconds of CPU of the server and of what it forked. */
  cpuSeconds(): Promise<number>;
  stop(): Promise<void>;
}

/** The server that is installed; null where there is none. */
export function redisServer(): string | null {
  return SERVERS.find((path) => existsSync(path)) ?? null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

export async function startRedis(server: string): Promise<BenchRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-redis-'));
  const port = await freePort();
  const settings = {
    port: String(port),
    bind: '127.0.0.1',
    dir: folder,
    appendonly: 'yes',
    appendfsync: 'everysec',
    'maxmemory-policy': 'noeviction',
    save: '',
  };
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(server, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const { pid, stdout } = child;
  if (pid === undefined) throw new Error(`${server} could not be started`);
  let said = '';
  for await (const text of stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += text as string;
    if (said.includes('Ready to accept connections')) break;
  }
  stdout.resume();
  if (child.exitCode !== null) throw new Error(`${server} ended: ${said}`);
  const stop = async (): Promise<void> => {
    stopped();
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const stopped = onSignal(stop);
  return { url: `redis://127.0.0.1:${port}`, cpuSeconds: () => treeCpuSeconds(pid), stop };
}
