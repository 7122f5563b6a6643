import { chown, mkdir, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { EmbeddedPostgresError } from '../../src/embedded/errors.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
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

const log = createLog('silent');
let folder: string;
let dataDir: string;
let data: string;
let programs: string;
let program: string;

beforeAll(async () => {
  programs = await openFolder();
  program = await install(programs, false);
});

afterAll(() => rm(programs, { recursive: true }));

beforeEach(async () => {
  folder = await openFolder();
  dataDir = join(folder, 'a folder', 'whose path is longer than a unix socket may have: '.padEnd(100, '…'));
  data = join(dataDir, 'postgres', 'cluster', 'data');
});

afterEach(() => endAll(folder));

const pidOf = async (): Promise<number> => (await serverPid(data)) ?? expect.fail('no server has run');
const userIds = async (): Promise<string[]> => readdir(join(dataDir, 'postgres', 'users'));
const alterUrl = (url: string, change: (url: URL) => void): string => {
  const changed = new URL(url);
  change(changed);
  return changed.href;
};

describe('a server of our own', () => {
  test('is durable, speaks UTF-8 in UTC, sees CJK words, and lets nobody in without the password', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log });
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
    const secret = await stat(join(dataDir, 'postgres', 'cluster', 'password'));
    expect(secret.mode & 0o777).toBe(0o600);
    await expect(
      ask(
        alterUrl(postgres.url, (url) => (url.password = 'guess')),
        'SELECT 1',
      ),
    ).rejects.toThrow(/password/);
    await expect(
      ask(
        alterUrl(postgres.url, (url) => (url.username = 'postgres')),
        'SELECT 1',
      ),
    ).rejects.toThrow();
    await postgres.stop();
  });

  test('keeps what was written from one run to the next', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir, log });
    expect(await ask(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  test.skipIf(process.platform !== 'linux')(
    'is not of our terminal session, so Ctrl-C passes it by',
    async () => {
      const postgres = await startEmbeddedPostgres({ dataDir, log });
      const pid = await pidOf();
      const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ');
      expect(fields?.[3]).toBe(String(pid)); // the leader of its session
      await postgres.stop();
    },
  );
});

describe('several users of one server', () => {
  test('join it; the first may leave while the second works; the last stops it', async () => {
    const first = startUser(program, { dataDir });
    const url = await first.url;
    const pid = await pidOf();
    const second = await startEmbeddedPostgres({ dataDir, log });
    expect(second.url).toBe(url);
    await first.leave();
    expect(await ask(second.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await second.stop();
    expect(isServer(pid, data)).toBe(false);
    expect(await userIds()).toEqual([]);
  });

  test('that start at the same moment in an empty folder share one server', async () => {
    const users = [
      startUser(program, { dataDir }),
      startUser(program, { dataDir }),
      startUser(program, { dataDir }),
    ];
    const urls = await Promise.all(users.map((user) => user.url));
    expect(new Set(urls).size).toBe(1);
    const pid = await pidOf();
    await Promise.all(users.map((user) => user.leave()));
    expect(isServer(pid, data)).toBe(false);
  });

  test('may be two parts of one process', async () => {
    const [one, other] = await Promise.all([
      startEmbeddedPostgres({ dataDir, log }),
      startEmbeddedPostgres({ dataDir, log }),
    ]);
    expect(one.url).toBe(other.url);
    await Promise.all([one.stop(), one.stop()]);
    expect(await ask(other.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await other.stop();
  });

  test('that leave and come at the same moment never meet a dead server', async () => {
    const keep = await startEmbeddedPostgres({ dataDir, log });
    await keep.stop();
    const once = async (): Promise<void> => {
      const postgres = await startEmbeddedPostgres({ dataDir, log });
      expect(await ask(postgres.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      await postgres.stop();
    };
    await Promise.all([once(), once(), once().then(once), once().then(once)]);
  });
});

describe('after a crash', () => {
  test('of node, the next start adopts the server that survived, and stops it when it leaves', async () => {
    const victim = startUser(program, { dataDir });
    const url = await victim.url;
    const pid = await pidOf();
    await victim.kill();
    const next = await startEmbeddedPostgres({ dataDir, log });
    expect(next.url).toBe(url);
    expect(await pidOf()).toBe(pid);
    await next.stop();
    expect(isServer(pid, data)).toBe(false);
  });

  test('of the server, the next start recovers what was committed, on the same port', async () => {
    const first = await startEmbeddedPostgres({ dataDir, log });
    await ask(first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await killServer(data, 'SIGKILL');
    const next = await startEmbeddedPostgres({ dataDir, log });
    expect(await ask(next.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(next.url).toBe(first.url);
    await next.stop();
    expect(await ask(first.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]); // the first still counts
    await first.stop();
  });

  test('of both, whose numbers now belong to other processes, the next start is not deceived', async () => {
    const victim = startUser(program, { dataDir });
    await victim.url;
    const pidFile = join(data, 'postmaster.pid');
    const lines = (await readFile(pidFile, 'utf8')).split('\n');
    await killServer(data, 'SIGKILL');
    await victim.kill();
    await writeFile(pidFile, [process.pid, ...lines.slice(1)].join('\n'));
    const [entry] = await userIds();
    const path = join(dataDir, 'postgres', 'users', entry ?? expect.fail('the victim left no entry'));
    const mark = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...mark, pid: process.pid }));
    const next = await startEmbeddedPostgres({ dataDir, log });
    const pid = await pidOf();
    expect(await userIds()).toHaveLength(1);
    await next.stop();
    expect(isServer(pid, data)).toBe(false);
  });

  test('in the middle of making the database, the next start begins it anew', async () => {
    const home = join(dataDir, 'postgres');
    const victim = startUser(program, { dataDir });
    const draft = await until(async () => {
      const names = await readdir(home).catch(() => []);
      return names.find((name) => name.startsWith('cluster.new-'));
    });
    await until(async () => (await readdir(join(home, draft)).catch(() => [])).length > 0);
    await victim.kill();
    const next = await startEmbeddedPostgres({ dataDir, log });
    expect(await ask(next.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await next.stop();
  });
});

describe('says what is wrong', () => {
  test('with data of another major version, and leaves them alone', async () => {
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    const start = startEmbeddedPostgres({ dataDir, log });
    await expect(start).rejects.toThrow(EmbeddedPostgresError);
    await expect(start).rejects.toThrow(/written by Postgres 17, and this is 18\./);
  });

  test('with a server that cannot start, in the words of its log', async () => {
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    await writeFile(join(data, 'postgresql.conf'), 'max_connections = lots\n');
    const start = startEmbeddedPostgres({ dataDir, log });
    await expect(start).rejects.toThrow(
      /ended with exit code 1[^]*invalid value for parameter "max_connections"/,
    );
  });

  test('with a data folder that is a file', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(startEmbeddedPostgres({ dataDir: file, log })).rejects.toThrow(EmbeddedPostgresError);
  });

  test('with half a database that somebody else removed', async () => {
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    await rm(data, { recursive: true });
    await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(
      /should hold a database and does not/,
    );
  });

  test('unless the folder is deleted while it runs: leaving then still stops the server', async () => {
    const postgres = await startEmbeddedPostgres({ dataDir, log });
    const pid = await pidOf();
    await rm(dataDir, { recursive: true });
    await postgres.stop();
    expect(isServer(pid, data)).toBe(false);
  });
});

// An ordinary user runs all tests above as such. These need root, to play every other part.
describe.skipIf(process.geteuid?.() !== 0)('root', () => {
  const NOBODY = { uid: 65_534, gid: 65_534 };

  test('runs it from a checkout and a data folder only root may enter', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const closed = await install(join(folder, 'closed'), true);
    const options = { dataDir: join(folder, 'closed', 'data'), shelf: join(folder, 'shelf') };
    const user = startUser(closed, options);
    expect(await ask(await user.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await user.leave();
  });

  test('runs it where user namespaces are barred, now and the next time', async () => {
    await mkdir(join(folder, 'closed'), { mode: 0o700 });
    const closed = await install(join(folder, 'closed'), true);
    const barred = {
      dataDir: join(folder, 'closed', 'data'),
      shelf: join(folder, 'shelf'),
      namespaces: false,
    };
    const first = startUser(closed, barred);
    await ask(await first.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.leave();
    expect(await readdir(barred.shelf)).toHaveLength(2); // the binaries, and the data
    // The way it was made is the way it goes on, even where the better way has become possible.
    const second = startUser(closed, { ...barred, namespaces: true });
    expect(await ask(await second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.leave();
  });

  test('keeps the data beside the rest when namespaces are barred but the folder is open', async () => {
    const postgres = await startEmbeddedPostgres({
      dataDir,
      log,
      shelf: join(folder, 'shelf'),
      namespaces: false,
    });
    expect((await stat(data)).uid).toBe(NOBODY.uid);
    await postgres.stop();
  });

  test('is told how to go on with data made in a namespace where there are none', async () => {
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    await chown(data, 0, 0); // whichever way this machine made them
    const start = startEmbeddedPostgres({ dataDir, log, namespaces: false });
    await expect(start).rejects.toThrow(/chown -R 65534:65534/);
  });

  test('and an ordinary user take turns on the folder of that user, and share one server', async () => {
    const open = await install(join(folder, 'open'), true);
    const home = join(folder, 'home');
    await mkdir(home);
    await chown(home, NOBODY.uid, NOBODY.gid);
    const options = { dataDir: home, shelf: join(folder, 'shelf') };
    const ordinary = startUser(open, options, NOBODY);
    await ask(await ordinary.url, 'CREATE TABLE kept AS SELECT 7 AS n');
    const root = startUser(open, options);
    expect(await root.url).toBe(await ordinary.url);
    await ordinary.leave();
    await root.leave();
    const rootAlone = startUser(open, options);
    expect(await ask(await rootAlone.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await rootAlone.leave();
    const ordinaryAgain = startUser(open, options, NOBODY);
    expect(await ask(await ordinaryAgain.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await ordinaryAgain.leave();
  });

  test('may make the folder of an ordinary user first', async () => {
    const open = await install(join(folder, 'open'), true);
    const home = join(folder, 'home');
    await mkdir(home);
    await chown(home, NOBODY.uid, NOBODY.gid);
    const root = startUser(open, { dataDir: home });
    await root.url;
    await root.leave();
    const ordinary = startUser(open, { dataDir: home }, NOBODY);
    expect(await ask(await ordinary.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
    await ordinary.leave();
  });

  test('may leave a user without a name in /etc/passwd to start one as well', async () => {
    const open = await install(join(folder, 'open'), true);
    const home = join(folder, 'home');
    await mkdir(home);
    await chown(home, 54_321, 54_321);
    for (let run = 0; run < 2; run++) {
      const nameless = startUser(open, { dataDir: home }, { uid: 54_321, gid: 54_321 });
      expect(await ask(await nameless.url, 'SELECT 1 AS n')).toEqual([{ n: 1 }]);
      await nameless.leave();
    }
  });

  test('owns what an ordinary user is told to leave alone', async () => {
    const open = await install(join(folder, 'open'), true);
    await (await startEmbeddedPostgres({ dataDir, log })).stop();
    const ordinary = startUser(open, { dataDir }, NOBODY);
    await expect(ordinary.url).rejects.toThrow(/EmbeddedPostgresError.*check who owns the data folder/);
    await ordinary.leave();
  });
});
