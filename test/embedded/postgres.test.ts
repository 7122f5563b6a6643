import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { EmbeddedPostgresError } from '../../src/embedded/errors.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import type { EmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { markOf } from '../../src/embedded/process-mark.ts';
import { createLog } from '../../src/log.ts';
import {
  ask,
  endAll,
  install,
  isServer,
  killServer,
  openFolder,
  serverPid,
  startUser,
  until,
} from './support.ts';

let folder: string;
let program: string;
/** One database for all tests that do not need to see it made: making it is most of what a first start costs. */
let shared: string;

const started: EmbeddedPostgres[] = [];

async function start(dataDir: string, durable = false): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, log: createLog('silent'), durable });
  started.push(postgres);
  return postgres;
}

const dataOf = (dataDir: string): string => join(dataDir, 'postgres', 'cluster', 'data');
const pidOf = async (dataDir: string): Promise<number> =>
  (await serverPid(dataOf(dataDir))) ?? expect.fail('no server has run');
const entries = (dataDir: string): Promise<string[]> => readdir(join(dataDir, 'postgres', 'users'));
const altered = (url: string, change: (url: URL) => void): string => {
  const changed = new URL(url);
  change(changed);
  return changed.href;
};

beforeAll(async () => {
  folder = await openFolder();
  program = await install(join(folder, 'program'), false);
  shared = join(folder, 'a folder', 'whose path is longer than a unix socket may have: '.padEnd(100, '…'));
});

afterEach(async () => {
  // Those of a failed test; the others have left already.
  for (const postgres of started.splice(0)) await postgres.stop();
  await endAll([shared, join(folder, 'fresh')]);
});

afterAll(() => rm(folder, { recursive: true }));

describe('a server of our own', () => {
  test('is durable, speaks UTF-8 in UTC, sees CJK words, and lets nobody in without the password', async () => {
    const postgres = await start(shared, true);
    await ask(postgres.url, 'CREATE EXTENSION pg_trgm');
    const rows = await ask(
      postgres.url,
      `SELECT current_setting('fsync') AS fsync, current_setting('TimeZone') AS zone,
              current_setting('server_encoding') AS encoding, lower('ÄÉ') AS lower,
              current_setting('listen_addresses') AS addresses,
              cardinality(show_trgm('高市首相')) AS trigrams, current_setting('is_superuser') AS superuser`,
    );
    expect(rows).toEqual([
      {
        fsync: 'on',
        zone: 'UTC',
        encoding: 'UTF8',
        lower: 'äé',
        addresses: '127.0.0.1',
        trigrams: 5,
        superuser: 'off',
      },
    ]);
    const secret = await stat(join(shared, 'postgres', 'cluster', 'password'));
    expect(secret.mode & 0o777).toBe(0o600);
    await expect(
      ask(
        altered(postgres.url, (url) => (url.password = 'guess')),
        'SELECT 1',
      ),
    ).rejects.toThrow(/password/);
    await expect(
      ask(
        altered(postgres.url, (url) => (url.username = 'postgres')),
        'SELECT 1',
      ),
    ).rejects.toThrow();
    await postgres.stop();
  });

  test('keeps what was written from one run to the next', async () => {
    const first = await start(shared);
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await start(shared);
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  test.skipIf(process.platform !== 'linux')(
    'is not of our terminal session, so Ctrl-C passes it by',
    async () => {
      const postgres = await start(shared);
      const pid = await pidOf(shared);
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
      expect(fields?.[3]).toBe(String(pid)); // the leader of its session
      await postgres.stop();
    },
  );
});

describe('several users of one server', () => {
  test('join it; the first may leave while the second works; the last stops it', async () => {
    const first = startUser(program, { dataDir: shared });
    const url = await first.url;
    const pid = await pidOf(shared);
    const second = await start(shared);
    expect(second.url).toBe(url);
    await first.leave();
    expect(await ask(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await second.stop();
    expect(isServer(pid, dataOf(shared))).toBe(false);
    expect(await entries(shared)).toEqual([]);
  });

  test('that start at the same moment in an empty folder share one server', async () => {
    const dataDir = join(folder, 'fresh');
    const users = [1, 2, 3].map(() => startUser(program, { dataDir }));
    const urls = await Promise.all(users.map((user) => user.url));
    expect(new Set(urls).size).toBe(1);
    const pid = await pidOf(dataDir);
    await Promise.all(users.map((user) => user.leave()));
    expect(isServer(pid, dataOf(dataDir))).toBe(false);
    await rm(dataDir, { recursive: true });
  });

  test('may be two parts of one process', async () => {
    const [one, other] = await Promise.all([start(shared), start(shared)]);
    expect(one.url).toBe(other.url);
    await Promise.all([one.stop(), one.stop()]);
    expect(await ask(other.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await other.stop();
  });

  test('that leave and come at the same moment never meet a dead server', async () => {
    const visit = async (): Promise<void> => {
      const postgres = await start(shared);
      expect(await ask(postgres.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      await postgres.stop();
    };
    await Promise.all([visit(), visit(), visit().then(visit), visit().then(visit)]);
  });
});

describe('after a crash', () => {
  test('of node, the next start adopts the server that survived, and stops it when it leaves', async () => {
    const victim = startUser(program, { dataDir: shared });
    const url = await victim.url;
    const pid = await pidOf(shared);
    await victim.kill();
    const next = await start(shared);
    expect(next.url).toBe(url);
    expect(await pidOf(shared)).toBe(pid);
    await next.stop();
    expect(isServer(pid, dataOf(shared))).toBe(false);
  });

  test('of the server, the next start recovers what was committed, on the same port', async () => {
    const first = await start(shared);
    await ask(first.url, 'CREATE TABLE recovered AS SELECT 7 AS n');
    await killServer(dataOf(shared), 'SIGKILL');
    const next = await start(shared);
    expect(await ask(next.url, 'SELECT n FROM recovered')).toEqual([{ n: 7 }]);
    expect(next.url).toBe(first.url);
    await next.stop();
    expect(await ask(first.url, 'SELECT n FROM recovered')).toEqual([{ n: 7 }]); // the first still counts
    await first.stop();
  });

  test('of both, whose numbers now belong to other processes, the next start is not deceived', async () => {
    const victim = startUser(program, { dataDir: shared });
    await victim.url;
    const pidFile = join(dataOf(shared), 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await killServer(dataOf(shared), 'SIGKILL');
    await victim.kill();
    await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
    const [entry] = await entries(shared);
    const path = join(shared, 'postgres', 'users', entry ?? expect.fail('the victim left no entry'));
    const mark = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...mark, pid: process.pid }));
    const next = await start(shared);
    const pid = await pidOf(shared);
    expect(await entries(shared)).toHaveLength(1);
    await next.stop();
    expect(isServer(pid, dataOf(shared))).toBe(false);
  });

  test('of the machine, a pid file that lost its content or names a zombie is in nobody’s way', async () => {
    const pidFile = join(dataOf(shared), 'postmaster.pid');
    await writeFile(pidFile, '');
    const longAgo = new Date(Date.now() - 60_000);
    await utimes(pidFile, longAgo, longAgo);
    await (await start(shared)).stop();

    // A shell that becomes "sleep" never collects the child it had.
    const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    await until(() => markOf(Number(line)) === null);
    await writeFile(pidFile, `${line.toString().trim()}\n${dataOf(shared)}\n1767225600\n5432\n\n127.0.0.1\n`);
    await (await start(shared)).stop();
    parent.kill();
  });

  test('in the middle of making the database, the next start begins it anew', async () => {
    const dataDir = join(folder, 'fresh');
    const home = join(dataDir, 'postgres');
    const victim = startUser(program, { dataDir });
    await until(async () => {
      const names = await readdir(home).catch(() => []);
      const draft = names.find((name) => name.startsWith('cluster.new-'));
      return draft !== undefined && (await readdir(join(home, draft))).length > 0;
    });
    await victim.kill();
    const next = await start(dataDir);
    expect(await ask(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    expect((await readdir(home)).filter((name) => name.startsWith('cluster.new-'))).toEqual([]);

    // The same server serves for the last case: leaving when the folder was deleted meanwhile.
    const pid = await pidOf(dataDir);
    // The server may make a file in a folder that was just found empty.
    await rm(dataDir, { recursive: true, maxRetries: 10 });
    await next.stop();
    expect(isServer(pid, dataOf(dataDir))).toBe(false);
  });
});

describe('says what is wrong', () => {
  /** Runs `check` while `name` of the shared data holds `content`. */
  async function withFile(name: string, content: string, check: () => Promise<void>): Promise<void> {
    const path = join(dataOf(shared), name);
    const before = await readFile(path);
    await writeFile(path, content);
    await check();
    await writeFile(path, before);
  }

  test('with data of another major version, and leaves them alone', () =>
    withFile('PG_VERSION', '17\n', async () => {
      const failed = start(shared);
      await expect(failed).rejects.toThrow(EmbeddedPostgresError);
      await expect(failed).rejects.toThrow(/written by Postgres 17, and this is 18\./);
    }));

  test('with a server that cannot start, in the words of its log', () =>
    withFile('postgresql.conf', 'max_connections = lots\n', async () => {
      await expect(start(shared)).rejects.toThrow(
        /ended with exit code 1[^]*invalid value for parameter "max_connections"/,
      );
    }));

  test('with a data folder that is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(start(file)).rejects.toThrow(EmbeddedPostgresError);
  });

  test('with half a database, which it does not take for none', async () => {
    const dataDir = join(folder, 'half');
    await mkdir(join(dataDir, 'postgres', 'cluster'), { recursive: true });
    await expect(start(dataDir)).rejects.toThrow(/should hold a database and does not/);
  });
});
