import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { freePort } from './free-port.ts';

const run = promisify(execFile);
const INSTALLED = '/usr/lib/postgresql';
const NOBODY = 65_534;

/** What is lost with the machine may be, as with the embedded server of tests. */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'fsync=off',
  'full_page_writes=off',
];

/** The binaries of the oldest PostgreSQL that Debian's packages have put on this machine; null where there are none. */
export async function debianPostgres(): Promise<string | null> {
  if (!existsSync(INSTALLED)) return null;
  const versions = (await readdir(INSTALLED)).filter((name) =>
    existsSync(join(INSTALLED, name, 'bin/postgres')),
  );
  const [oldest] = versions.sort((a, b) => Number(a) - Number(b));
  return oldest === undefined ? null : join(INSTALLED, oldest, 'bin');
}

/** Starts a server of its own from `bin` in a temporary folder; PostgreSQL refuses root, so root starts it as nobody. */
export async function startServer(bin: string): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-debian-'));
  await chmod(folder, 0o700);
  const root = process.getuid?.() === 0;
  if (root) await chown(folder, NOBODY, NOBODY);
  const account = root ? { uid: NOBODY, gid: NOBODY } : {};
  const data = join(folder, 'data');
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tester', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'],
    {
      ...account,
      cwd: folder,
    },
  );
  const port = await freePort();
  const settings = SETTINGS.flatMap((setting) => ['-c', setting]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', port.toString(), ...settings], {
    ...account,
    cwd: folder,
    stdio: 'ignore',
  });
  const ended = new Promise<void>((resolve) =>
    server.once('exit', () => {
      resolve();
    }),
  );
  const url = `postgres://tester@127.0.0.1:${port}/postgres`;
  await answering(url);
  return {
    url,
    async stop() {
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const ANSWER_MS_MAX = 20_000;

async function answering(url: string): Promise<void> {
  const end = performance.now() + ANSWER_MS_MAX;
  for (;;) {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
    }
  }
}
