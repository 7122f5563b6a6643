import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { sql } from 'kysely';
import { head } from '../../src/store/read.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { ended, runCli, startCli } from '../support/cli.ts';
import { openLog } from '../support/logs.ts';
import { useStore } from '../support/store.ts';

// Each test starts processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

/** So many that an import takes several batches: long enough to be killed in the middle. */
const EVENTS = 6_000;
const original = useStore();
let folder = '';
let file = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-export-'));
  file = join(folder, 'log.jsonl.gz');
  const commands = Array.from({ length: EVENTS }, (_, index) => commandOf(ingested(`event ${index}`), 0));
  await original.store.append(commands, NOON);
  const { code, err } = await runCli(['export', file], { DATABASE_URL: original.url });
  expect({ code, err }).toMatchObject({
    code: 0,
    err: expect.stringContaining('exported, events: 6000') as string,
  });
});
afterAll(() => rm(folder, { recursive: true }));

test('an export appears under its name when it is whole, and covers all of it with seals', async () => {
  expect(await readdir(folder)).toEqual(['log.jsonl.gz']);
  const { out } = await runCli(['export', '-'], { DATABASE_URL: original.url });
  expect(gunzipSync(await readFile(file)).toString()).toBe(out);
  expect(out.trimEnd().split('\n').at(-2)).toContain(`shuttlewatch.log.Seal`);
});

test('an import that is killed goes on where it was, and the log is whole at every moment', async () => {
  const copy = await openLog();
  try {
    const settings = { DATABASE_URL: copy.url };
    const first = startCli(['import', file], settings);
    const gone = ended(first);
    while ((await head(copy.store.db)) === 0) await setTimeout(5);
    first.kill('SIGKILL');
    await gone;
    const there = await head(copy.store.db);
    const { rows } = await sql<{ events: number; streams: number }>`
      select (select count(*) from sw_log.events) as events, (select count(*) from sw_log.streams) as streams`.execute(
      copy.store.db,
    );
    expect(rows).toEqual([{ events: there, streams: there }]);
    // What is appended now would keep the rest out for good.
    const refused = await runCli(['feeds', 'add', 'https://news.example/rss', '--no-check'], settings);
    expect(refused).toMatchObject({
      code: 1,
      err: expect.stringContaining(`stopped at position ${there} of ${EVENTS}`) as string,
    });
    const { code, out } = await runCli(['import', '--json', file], settings);
    expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({
      code: 0,
      events: EVENTS,
      added: EVENTS - there,
    });
    const again = join(folder, 'again.jsonl.gz');
    await runCli(['export', again], settings);
    expect((await readFile(again)).equals(await readFile(file))).toBe(true);
    // The read tables are filled, so that the copy answers at once.
    const { rows: items } = await sql`select from sw_read.items`.execute(copy.store.db);
    expect(items).toHaveLength(EVENTS);
  } finally {
    await copy.close();
  }
});

test('what is cut off leaves no trace, and the line is named', async () => {
  const copy = await openLog();
  try {
    const half = join(folder, 'half.jsonl');
    await writeFile(half, gunzipSync(await readFile(file)).subarray(0, 500_000));
    const { code, err } = await runCli(['import', half], { DATABASE_URL: copy.url });
    expect({ code, err }).toMatchObject({
      code: 1,
      err: expect.stringMatching(/half\.jsonl: line \d+ is cut off/) as string,
    });
    expect(await head(copy.store.db)).toBe(0);
    await rm(half);
  } finally {
    await copy.close();
  }
});

test.each([
  [['import', '/'], '/: is a folder'],
  [['export', '/'], '/: is a folder'],
  [['import', '--give-up', '-'], '--give-up takes no file'],
  [['export', '--to', '6001', '-'], 'the log ends at position 6000'],
  [['import', '/nowhere/log.jsonl'], '/nowhere/log.jsonl: no such file or folder'],
])('%j makes no sense: exit code 2', async (args, reason) => {
  const { code, err } = await runCli(args, { DATABASE_URL: original.url });
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(reason) as string });
});
