import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { inspectConfig } from '../../src/config.ts';
import { examine } from '../../src/cli/doctor/examine.ts';
import type { Patient } from '../../src/cli/doctor/examine.ts';
import { databaseFinding } from '../../src/cli/doctor/database.ts';
import { feedFindings } from '../../src/cli/doctor/feeds.ts';
import { folderFinding } from '../../src/cli/doctor/embedded.ts';
import type { Finding, Verdict } from '../../src/cli/doctor/finding.ts';
import { report } from '../../src/cli/doctor/report.ts';
import { versionFindings } from '../../src/cli/doctor/versions.ts';
import { feedId } from '../../src/events/ids.ts';
import { inspectEmbedded } from '../../src/embedded/inspect.ts';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { createLog } from '../../src/log.ts';
import { inspectDatabase } from '../../src/store/inspect.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from '../support/database.ts';
import { lift } from '../support/damage.ts';
import { commandOf, ingested } from '../support/events.ts';
import { runCli } from '../support/cli.ts';
import { smallDisk } from '../support/small-disk.ts';
import { smallDossier } from '../support/small-dossier.ts';

vi.setConfig({ testTimeout: 60_000 });

const PASSWORD = 'hunter2';
const SECONDS = 1_000;
const GIB = 1024 ** 3;
const now = (): Date => new Date();
const drops: (() => Promise<void>)[] = [];
let folder = '';
let dossier = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'));
  dossier = await smallDossier();
});
afterEach(async () => {
  for (const drop of drops.splice(0)) await drop();
});
afterAll(async () => {
  for (const made of [folder, dossier]) await rm(made, { recursive: true, force: true });
});

/** What doctor finds under a name, by a dossier that says little; nothing else than what the test is about is set. */
async function look(
  env: Readonly<Record<string, string>>,
  change: Partial<Patient> = {},
): Promise<(name: string) => Finding[]> {
  const usual = { SHUTTLEWATCH_CONTACT: 'https://desk.example/', SHUTTLEWATCH_DOSSIER: dossier };
  const findings = await examine({
    settings: inspectConfig({ SHUTTLEWATCH_DATA: join(folder, 'none'), ...usual, ...env }),
    node: 'v20.19.0',
    version: '1.0.0',
    now,
    ...change,
  });
  expect(JSON.stringify(findings)).not.toContain(PASSWORD);
  return (name) => findings.filter((finding) => finding.name === name);
}

function told(verdict: Verdict, seen: RegExp | string, todo?: RegExp | string): Finding[] {
  const pattern = (text: RegExp | string): unknown =>
    typeof text === 'string' ? expect.stringContaining(text) : expect.stringMatching(text);
  const advice = todo === undefined ? {} : { todo: pattern(todo) };
  return [expect.objectContaining({ verdict, seen: pattern(seen), ...advice }) as Finding];
}

function altered(change: (url: URL) => void): string {
  const url = new URL(inject('postgresUrl'));
  change(url);
  return url.href;
}

/** A database of its own; the template's schema unless told. */
async function database(template?: string): Promise<{ readonly url: string; readonly store: Store }> {
  const made = await createDatabase(inject('postgresUrl'), template);
  const store = openStore(made.url, () => undefined);
  drops.push(async () => {
    await store.close();
    await made.drop();
  });
  return { url: made.url, store };
}

describe('a database that cannot be used is named with the mend, and never with its password', () => {
  test('down', async () => {
    const found = await look({ DATABASE_URL: `postgres://analyst:${PASSWORD}@127.0.0.1:1/news` });
    expect(found('database')).toEqual(
      told('fail', 'nothing answers at 127.0.0.1:1', 'Start PostgreSQL there'),
    );
    expect(found('schema')).toEqual([]);
  });

  test('a host that nobody knows', async () => {
    const found = await look({ DATABASE_URL: `postgres://analyst:${PASSWORD}@no-such-host.invalid/news` });
    expect(found('database')).toEqual(
      told('fail', 'no address is known for no-such-host.invalid', 'Mend the host'),
    );
  });

  test('wrong password, and none', async () => {
    const wrong = await look({ DATABASE_URL: altered((url) => (url.password = PASSWORD)) });
    expect(wrong('database')).toEqual(
      told('fail', 'refuses the password', 'Mend user and password in DATABASE_URL'),
    );
    const none = await look({ DATABASE_URL: altered((url) => (url.password = '')) });
    expect(none('database')).toEqual(told('fail', 'refuses the password'));
  });

  test('no such database', async () => {
    const found = await look({ DATABASE_URL: altered((url) => (url.pathname = '/nowhere')) });
    expect(found('database')).toEqual(told('fail', 'has no database nowhere', 'createdb nowhere'));
  });

  test('too old, or closed to this user', async () => {
    const facts = await inspectDatabase(inject('postgresUrl'), now);
    if (facts.kind !== 'open') expect.fail('the database of the tests is open');
    expect([databaseFinding(facts, 'here/x')]).toEqual(told('ok', /^PostgreSQL 1\d/));
    const old = databaseFinding({ ...facts, version: 140_005, versionText: '14.5' }, 'here/x');
    expect([old]).toEqual(told('fail', 'PostgreSQL 14.5 at here/x is too old', '15 or newer'));
    const closed = databaseFinding({ ...facts, lacks: ['read and append to sw_log.events'] }, 'here/x');
    expect([closed]).toEqual(told('fail', /may not read and append to sw_log.events/, 'the owner'));
  });

  test('takes no writes', async () => {
    const { url, store } = await database();
    const name = new URL(url).pathname.slice(1);
    await sql`alter database ${sql.ref(name)} set default_transaction_read_only = on`.execute(store.db);
    expect((await look({ DATABASE_URL: url }))('database')).toEqual(
      told('fail', 'takes no writes', 'primary'),
    );
  });
});

describe('the schema', () => {
  test('with no or half of its migrations is missing some, and stays as it is', async () => {
    const { url, store } = await database('template0');
    const nothing = await look({ DATABASE_URL: url });
    expect(nothing('schema')).toEqual(told('fail', /\d+ migrations missing: 000001/, 'shuttlewatch migrate'));
    const half = join(folder, 'half');
    await cp(resolve('migrations'), half, { recursive: true });
    const names = (await readdir(half)).sort();
    for (const name of names.slice(20)) await rm(join(half, name));
    await migrate(store.db, half);
    const rest = await look({ DATABASE_URL: url });
    expect(rest('schema')).toEqual(told('fail', `${names.length - 20} migrations missing: 000021`));
    expect(rest('processes')).toEqual([]);
  });

  test('of a newer build is left to that', async () => {
    const { url, store } = await database();
    await sql`insert into sw_log.migrations values ('999999_flying_carpet', '2030-01-01')`.execute(store.db);
    expect((await look({ DATABASE_URL: url }))('schema')).toEqual(
      told('fail', /newer shuttlewatch.*does not know 999999_flying_carpet/, 'Install the newer'),
    );
  });
});

describe('clocks', () => {
  const ahead = (seconds: number) => (): Date => new Date(Date.now() + seconds * SECONDS);

  test('of this machine, beside the database’s', async () => {
    const { url } = await database();
    const clock = async (seconds: number): Promise<Finding[]> =>
      (await look({ DATABASE_URL: url }, { now: ahead(seconds) }))('clock');
    expect(await clock(0)).toEqual(told('ok', 'agrees'));
    expect(await clock(20)).toEqual(told('warn', /^this machine is (19|20) s ahead of the database/, 'NTP'));
    expect(await clock(-90)).toEqual(told('fail', 'this machine is 1 min behind the database', 'NTP'));
  });

  test('of processes elsewhere', async () => {
    const { url, store } = await database();
    await sql`
      insert into sw_work.processes values (gen_random_uuid(), 'loom', 7, '{ingest}', '1.0.0', '{}',
        clock_timestamp(), clock_timestamp(), clock_timestamp() + interval '5 minutes')`.execute(store.db);
    const clocks = (await look({ DATABASE_URL: url }))('clock');
    expect(clocks.slice(1)).toEqual(told('fail', 'process 7 on loom is 5 min ahead of', 'NTP'));
  });
});

describe('the embedded Postgres', () => {
  const log = createLog('silent');

  test('that has not been made is not made by looking', async () => {
    const found = await look({});
    expect(found('data folder')).toEqual(told('ok', 'made at the first start'));
    expect(found('database')).toEqual(told('ok', 'none yet'));
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  test('is started to look and stopped again, or looked at as it runs', async () => {
    const dataDir = join(folder, 'data');
    const postgres = await startEmbeddedPostgres({ dataDir, log, durable: false });
    const env = { SHUTTLEWATCH_DATA: dataDir };
    const running = await look(env);
    expect(running('embedded')).toEqual(told('ok', /runs as process \d+ on port \d+, used by 1 process$/));
    expect(running('schema')).toEqual(told('fail', 'migrations missing'));
    await postgres.stop();
    const stopped = await look(env);
    expect(stopped('embedded')).toEqual(told('ok', 'not running'));
    expect(stopped('database')).toEqual(told('ok', /^PostgreSQL 18/));
    expect(await inspectEmbedded(dataDir)).toMatchObject({ server: null, users: [], lockedBy: null });
  });

  test('whose port is taken is told by whom', async () => {
    const squatter = createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port.toString() : '';
    const found = await look({ SHUTTLEWATCH_POSTGRES_PORT: port });
    const by = process.platform === 'linux' ? `process ${process.pid}` : 'another program';
    expect(found('port')).toEqual(told('fail', `${port} is taken by ${by}`, 'SHUTTLEWATCH_POSTGRES_PORT'));
    squatter.close();
  });

  test('in a folder of somebody else is not to be used', async () => {
    const facts = await inspectEmbedded(join(folder, 'none'));
    expect([folderFinding({ ...facts, exists: true, owner: 1_000 }, 1_001)]).toEqual(
      told('fail', 'belongs to user 1000, and this is user 1001', 'Run as its owner'),
    );
  });

  test('on a disk with little room is warned of, with none refused', async () => {
    const disk = async (freeBytes: number): Promise<Finding[]> =>
      (await look({}, { statDisk: () => Promise.resolve({ bavail: freeBytes / 4_096, bsize: 4_096 }) }))(
        'disk',
      );
    expect(await disk(2 * GIB)).toEqual(told('ok', '2.0 GiB free'));
    expect(await disk(GIB / 2)).toEqual(told('warn', '512 MiB free', 'Free some space'));
    expect(await disk(0)).toEqual(told('fail', '0 B free', 'Free some space'));
  });

  test('on a disk that is full (skipped where this user may not mount one)', async (context) => {
    const small = await smallDisk(8);
    if (small === null) {
      context.skip();
      return;
    }
    drops.push(() => small.remove());
    await small.fill();
    const found = await look({ SHUTTLEWATCH_DATA: small.folder });
    expect(found('disk')).toEqual(told('fail', '0 B free', 'Free some space'));
    expect(await readdir(small.folder)).toEqual(['ballast']);
  });
});

describe('settings, dossier and versions', () => {
  test('all settings that cannot be used at once, and the rest is looked at', async () => {
    const found = await look({
      SHUTTLEWATCH_POLL_MINUTES: '0',
      SHUTTLEWATCH_ZONE: 'Mars/Olympus',
      DATABASE_URL: PASSWORD,
      SHUTTLEWATCH_WEBHOOK_SECRET: PASSWORD,
      SHUTTLEWATCH_DOSIER: 'here',
      // As if it were not set: the dossier that we ship.
      SHUTTLEWATCH_DOSSIER: '',
    });
    const [remark, settings] = found('settings');
    expect(settings?.verdict).toBe('fail');
    expect([remark]).toEqual(told('warn', 'SHUTTLEWATCH_DOSIER is no setting'));
    for (const name of ['POLL_MINUTES', 'ZONE', 'DATABASE_URL', 'WEBHOOK_SECRET'])
      expect(settings?.seen).toContain(name);
    expect(found('dossier')).toEqual(told('ok', 'shuttle-diplomacy'));
    expect(found('database')).toEqual([]);
  });

  test('a secret that signs nothing', async () => {
    const found = await look({
      SHUTTLEWATCH_WEBHOOK_URL: 'https://hook.example/x',
      SHUTTLEWATCH_WEBHOOK_SECRET: PASSWORD,
    });
    expect(found('webhook')).toEqual(told('fail', 'cannot be used', 'openssl rand'));
  });

  test('a broken dossier by file, line and field, and one that is not there', async () => {
    const broken = join(folder, 'dossier');
    await cp(resolve('dossiers/shuttle-diplomacy'), broken, { recursive: true });
    await writeFile(join(broken, 'rules.yaml'), '- id: one\n  title: [\n');
    const found = await look({ SHUTTLEWATCH_DOSSIER: broken });
    expect(found('dossier')).toEqual(told('fail', /rules\.yaml:\d/, 'file, line and field'));
    const missing = await look({ SHUTTLEWATCH_DOSSIER: join(folder, 'nowhere') });
    expect(missing('dossier')).toEqual(told('fail', 'nowhere', 'SHUTTLEWATCH_DOSSIER'));
  });

  test('a Node that is too old', () => {
    expect(versionFindings('v20.18.1', '1.0.0').slice(1)).toEqual(
      told('fail', '20.19 or newer', 'newer Node'),
    );
    expect(versionFindings('v24.0.0', '1.0.0').slice(1)).toEqual(told('ok', 'v24.0.0'));
  });
});

describe('the work', () => {
  test('that nobody does, or that has halted, is told with who should do it', async () => {
    const { url, store } = await database();
    const { db } = store;
    await sql`
      insert into sw_work.processes values (gen_random_uuid(), 'loom', 7, '{ingest,follow}', '0.9.0', '{}',
        clock_timestamp(), clock_timestamp(), clock_timestamp()), (gen_random_uuid(), 'dye', 8, '{deliver}', '1.0.0',
        '{}', clock_timestamp() - interval '1 h', clock_timestamp() - interval '3 min', clock_timestamp() - interval '3 min')
    `.execute(db);
    await sql`
      insert into sw_log.checkpoints values ('rules', 0, 'halted', 'position 3: no such rule', now())`.execute(
      db,
    );
    await sql`
      insert into sw_read.feeds (feed, url, title, publisher, status, options, failure, failing_since, added_at, from_position)
      values ('quay', 'https://q.example', 'Quay', 'quay', 'active', '{"fullText":false,"allowPrivate":false}', '{"kind":"http","reason":"HTTP 404"}', now(), now(), 1)
    `.execute(db);
    await sql`
      insert into sw_work.feed_schedule (feed, url, enabled, next_due_at)
      values ('quay', 'https://q.example', true, now() - interval '1 hour')`.execute(db);
    await sql`
      insert into sw_work.deliveries (alert, channel, position, attempts, next_due_at)
      values ('a', 'webhook', 1, 2, now() - interval '10 min')`.execute(db);
    const found = await look({ DATABASE_URL: url });
    expect(found('processes')).toEqual([
      ...told('warn', 'process 8 on dye (deliver) was last heard of 3 min ago', 'killed'),
      ...told('warn', 'nobody does classify, deliver', 'work --roles classify,deliver'),
      ...told('warn', 'other builds than this 1.0.0 are at work: 0.9.0'),
    ]);
    expect(found('consumers')).toEqual(told('fail', /rules halted at position 1 .*no such rule/, 'restart'));
    expect(found('feeds')).toEqual([
      ...told('warn', /1 of 1 active feed in trouble:\nquay: HTTP 404/, 'feeds list'),
      ...told('warn', '1 feed due and not polled, the first for 1 h: quay', 'ingest'),
    ]);
    expect(found('deliveries')).toEqual([
      ...told('warn', '1 alert due on webhook, the first for 10 min', 'SHUTTLEWATCH_WEBHOOK_URL'),
      ...told('warn', '1 alert could not be sent on webhook and is tried again', 'alerts --raised'),
    ]);
    // Asked for nothing, BullMQ has made nothing.
    expect((await sql`select from pg_namespace where nspname = 'sw_queue'`.execute(db)).rows).toEqual([]);
  });
});

test('feeds that are silent for longer than is normal are told, with what was expected', () => {
  const expectation = { silentMs: 3 * 3_600_000, normalSilenceMs: 40 * 60_000, silentTooLong: true };
  const silent = new Map([[feedId('weft'), { ...expectation, silentFrom: new Date(0) }]]);
  expect(feedFindings([], silent, new Date(), true).map((finding) => finding.seen)).toEqual([
    '1 feed silent for longer than is normal:\nweft: for 3 h, expected every ≤ 40 min',
  ]);
});

describe('the log', () => {
  test('with a row missing, and with the rest of an import still to come', async () => {
    const { url, store } = await database();
    await store.append(
      ['a', 'b', 'c'].map((name) => commandOf(ingested(name))),
      now(),
    );
    expect((await look({ DATABASE_URL: url }))('log')).toEqual([]);
    await store.db.transaction().execute(async (tx) => {
      await lift(tx);
      await sql`delete from sw_log.events where position = 2`.execute(tx);
    });
    await sql`insert into sw_work.importing (log, ends_at, since) values (gen_random_uuid(), 9, now())`.execute(
      store.db,
    );
    const found = await look({ DATABASE_URL: url });
    expect(found('log')).toEqual(told('fail', 'position 2 is missing', 'shuttlewatch verify'));
    expect(found('import')).toEqual(told('fail', /imported to position 3 of 9/, 'import --give-up'));
  });
});

describe('on the command line', () => {
  test('exits with 1 for a fault and with 0 for warnings, as JSON and for people, in 80 columns', async () => {
    const { url } = await database();
    const settings = { SHUTTLEWATCH_DATA: join(folder, 'none') };
    const [well, down] = await Promise.all([
      runCli(['doctor', '--json'], { ...settings, DATABASE_URL: url }),
      runCli(['doctor'], { ...settings, DATABASE_URL: `postgres://a:${PASSWORD}@127.0.0.1:1/x` }),
    ]);
    expect(well).toMatchObject({ code: 0, err: '' });
    const { verdict, checks } = JSON.parse(well.out) as { verdict: string; checks: Finding[] };
    expect(verdict).toBe('warn');
    for (const line of report(checks, { columns: 80, colour: false }).split('\n'))
      expect(line.length).toBeLessThanOrEqual(80);
    expect(down).toMatchObject({ code: 1, err: '' });
    expect(down.out).toContain('FAIL  database');
    expect(down.out).toMatch(/\n1 fault and \d+ warnings? in \d+ things looked at\n$/);
    expect(down.out).not.toContain(PASSWORD);
  });
});
