import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from 'kysely';
import { head } from '../../src/store/read.ts';
import { CLI } from '../support/program.ts';
import { countEvents } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

/** Three batches while reading, and many more while tagging. */
const ITEMS = 1_500;
/** An import that has not come so far by then never will, on a machine however busy. */
const REACHED_MS_MAX = 60_000;
const log = useStore();
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-kill-'));
  const lines = Array.from({ length: ITEMS }, (_, index) =>
    JSON.stringify({
      title: `Lee and Takaichi agree on point ${index} in Nara`,
      summary: '韓国と日本の首脳が奈良で会談した。',
      url: `https://wire.example/${index}`,
      date: '2026-01-13T10:00:00Z',
      source: 'wire',
      lang: 'en',
    }),
  );
  await writeFile(join(folder, 'archive.jsonl'), lines.join('\n'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function ingest(): { child: ChildProcess; ended: Promise<number | null> } {
  const args = [CLI, 'ingest', join(folder, 'archive.jsonl')];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, DATABASE_URL: log.url },
    stdio: 'ignore',
  });
  return {
    child,
    ended: new Promise((resolve) =>
      child.once('exit', (code) => {
        resolve(code);
      }),
    ),
  };
}

/** Lets an import run until the log holds `events` more, and kills it there. */
async function killAfter(events: number): Promise<void> {
  const from = await head(log.store.db);
  const { child, ended } = ingest();
  await expect
    .poll(() => head(log.store.db), { timeout: REACHED_MS_MAX, interval: 5 })
    .toBeGreaterThan(from + events);
  child.kill('SIGKILL');
  await ended;
}

test('an import that is killed while reading, again while tagging, and then run to its end, loses and doubles nothing', async () => {
  await killAfter(300);
  await killAfter(1_300);
  expect(await ingest().ended).toBe(0);
  const counts = await countEvents(log.store.db);
  expect(counts['ItemIngested']).toBe(ITEMS);
  expect(counts['ItemTagged']).toBe(ITEMS);
  expect(counts['AlertRaised']).toBeUndefined();
  const { rows } = await sql<{ events: number; streams: number }>`
    select count(*) as events, count(distinct stream_id) as streams from sw_log.events
     where type = 'AlertSuppressed'`.execute(log.store.db);
  expect(rows[0]?.events).toBe(rows[0]?.streams);
}, 180_000);
