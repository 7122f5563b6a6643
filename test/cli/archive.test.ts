import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import type { Ran } from '../support/cli.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
let folder = '';

const run = (...args: string[]): Promise<Ran> => runCli(['archive', ...args], { DATABASE_URL: log.url });

beforeAll(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'shuttlewatch-archive-')), 'made', 'when missing');
  await sql`drop table sw_log.events_0001, sw_log.events_0002`.execute(log.store.db);
  for (const [from, until] of [
    [1, 11],
    [11, 21],
  ])
    await sql`select sw_log.make_partition(${from}, ${until})`.execute(log.store.db);
  const commands = Array.from({ length: 15 }, (_, index) => commandOf(ingested(`item ${index}`), 0));
  await log.store.append(commands, NOON);
  await sql`update sw_log.checkpoints set position = 15`.execute(log.store.db);
});
afterAll(() => rm(join(folder, '..', '..'), { recursive: true }));

test('archive moves what ends before the moment, says what stays and why, and is told of by verify', async () => {
  const file = join(folder, 'events-1-10.jsonl.gz');
  const { code, out, err } = await run('--before', '2026-01-14', '--to', folder, '--json');
  expect(err).toContain('checked, events of events_0001: 10');
  expect({ code, ...(JSON.parse(out) as object) }).toMatchObject({
    code: 0,
    archived: [{ name: 'events_0001', from: 1, to: 10, file, fileWasThere: false }],
    stays: { name: 'events_0002', why: { kind: 'holds the end' } },
  });
  expect(await readdir(folder)).toEqual(['events-1-10.jsonl.gz']);
  const verified = await runCli(['verify'], { DATABASE_URL: log.url });
  expect(verified.out).toContain('up to position 10 it is archived');
});

test('archive takes no moment that is none, and none beyond the log', async () => {
  expect(await run('--before', 'soon', '--to', folder)).toMatchObject({
    code: 2,
    err: expect.stringContaining('--before "soon" names no moment') as string,
  });
  expect(await run('--before', '17', '--to', folder)).toMatchObject({
    code: 2,
    err: expect.stringContaining('the log ends at position 15') as string,
  });
});
