import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort } from './free-port.ts';

const BINARIES = ['/usr/bin/redis-server', '/usr/bin/valkey-server'];
const ANSWER_MS_MAX = 20_000;

export interface RedisServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
  /** As `kill -9`. */
  kill(): Promise<void>;
}

/** The server that Debian's packages have put on this machine; null where there is none. */
export function debianRedis(): string | null {
  return BINARIES.find((binary) => existsSync(binary)) ?? null;
}

/** Starts a server of its own on a free port (or `port`), with the settings the product asks for unless `settings` say otherwise. */
export async function startRedis(
  binary: string,
  {
    settings = {},
    port,
  }: { readonly settings?: Readonly<Record<string, string>>; readonly port?: number } = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-redis-'));
  const chosen = port ?? (await freePort());
  const all = {
    port: chosen.toString(),
    bind: '127.0.0.1',
    dir: folder,
    save: '',
    appendonly: 'yes',
    'maxmemory-policy': 'noeviction',
    ...settings,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  const password = settings['requirepass'];
  return await run(binary, args, { port: chosen, folder, ...(password !== undefined && { password }) });
}

async function run(
  binary: string,
  args: readonly string[],
  { port, folder, password }: { readonly port: number; readonly folder: string; readonly password?: string },
): Promise<RedisServer> {
  const server = spawn(binary, args, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      resolve();
    }),
  );
  await answering(port, password);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    server.kill(signal);
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  const access = password === undefined ? '' : `:${encodeURIComponent(password)}@`;
  return {
    url: `redis://${access}127.0.0.1:${port}`,
    port,
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

async function answering(port: number, password?: string): Promise<void> {
  const client = new Redis({
    port,
    ...(password !== undefined && { password }),
    retryStrategy: () => 20,
    maxRetriesPerRequest: null,
    commandTimeout: ANSWER_MS_MAX,
  });
  client.on('error', () => undefined);
  try {
    await client.ping();
  } finally {
    client.disconnect();
  }
}

/** Starts a Sentinel that watches the server on `masterPort` as `name`, and decides alone. */
export async function startSentinel(binary: string, masterPort: number, name: string): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-sentinel-'));
  const port = await freePort();
  const lines = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${folder}`,
    `sentinel monitor ${name} 127.0.0.1 ${masterPort} 1`,
    `sentinel down-after-milliseconds ${name} 1000`,
    `sentinel failover-timeout ${name} 5000`,
  ];
  const file = join(folder, 'sentinel.conf');
  await writeFile(file, `${lines.join('\n')}\n`);
  return await run(binary, [file, '--sentinel'], { port, folder });
}
