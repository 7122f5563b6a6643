import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, test, vi } from 'vitest';
import { FeedParseError } from '../../src/ingest/parsed.ts';
import type { ParsedFeed } from '../../src/ingest/parsed.ts';
import { createParserPool } from '../../src/ingest/parser-pool.ts';
import type { ParserPool } from '../../src/ingest/parser-pool.ts';
import { programOf } from '../support/program.ts';

const BAD_PARSER = pathToFileURL(programOf(join(import.meta.dirname, 'bad-parser.ts')));
const PARSE_AND_END = programOf(join(import.meta.dirname, 'parse-and-end.ts'));
const LIMITS = { processesMax: 2, jobMsMax: 20_000, heapMbMax: 64, startMsMax: 20_000, idleMs: 60_000 };
const SLOW_MS_MAX = 500;

const pool = createParserPool(BAD_PARSER, LIMITS);
const hasty = createParserPool(BAD_PARSER, { ...LIMITS, jobMsMax: SLOW_MS_MAX });
afterAll(() => Promise.all([pool.endIdle(), hasty.endIdle()]));

const parse = (url: string, by: ParserPool = pool): Promise<ParsedFeed> =>
  by.run({ kind: 'feed', bytes: new Uint8Array(1), options: { url } });

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

test.each([
  ['too-slow', 'loop'],
  ['too-slow', 'normalize'],
  ['too-much-memory', 'json'],
  ['too-much-memory', 'map'],
  ['crashed', 'crash'],
])(
  'a document is refused as %s when its parser comes to that (%s), and the others are read',
  async (fault, how) => {
    const by = fault === 'too-slow' ? hasty : pool;
    const outcomes = await Promise.allSettled(
      [how, 'nothing', 'nothing', 'nothing'].map((url) => parse(url, by)),
    );
    const [bad, ...good] = outcomes;
    expect(bad).toMatchObject({ reason: expect.any(FeedParseError) as unknown });
    expect(bad).toMatchObject({ reason: { fault, message: expect.stringMatching(`^${how}: `) as unknown } });
    expect(good.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(by.pids.length).toBeLessThanOrEqual(LIMITS.processesMax);
  },
);

test('a document whose parser is ended from outside is read by another', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shuttlewatch-parser-'));
  try {
    expect(await parse(`crash-once ${join(folder, 'mark')}`)).toMatchObject({ language: 'UTC' });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a fault of ours is trouble with the document, and tells where it lies', async () => {
  const thrown: unknown = await parse('bug').catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(FeedParseError);
  expect(thrown).toMatchObject({
    fault: 'crashed',
    message: 'bug: reading it failed: Error: a bug',
    cause: { message: expect.stringMatching(/^Error: a bug\n +at /) as unknown },
  });
});

test('a parser that cannot start says why, and the next document asks again', async () => {
  const missing = createParserPool(new URL('./no-such-program.mjs', BAD_PARSER), LIMITS);
  const started = [missing, missing].map((none) =>
    none.run({ kind: 'feed', bytes: new Uint8Array(), options: {} }),
  );
  for (const outcome of await Promise.allSettled(started)) {
    expect(outcome).toMatchObject({
      reason: { message: expect.stringContaining('no-such-program') as unknown },
    });
  }
});

test('a parser is told no setting, and knows no zone but UTC', async () => {
  vi.stubEnv('DATABASE_URL', 'postgres://user:secret@db.example/news');
  const fresh = createParserPool(BAD_PARSER, LIMITS);
  const { title, language } = await parse('nothing', fresh);
  vi.unstubAllEnvs();
  await fresh.endIdle();
  expect(language).toBe('UTC');
  expect(title).not.toContain('DATABASE_URL');
});

test('parsers are no more than they may be, are used again, and end when there is nothing to read', async () => {
  const few = createParserPool(BAD_PARSER, { ...LIMITS, idleMs: 50 });
  const read = (): Promise<unknown> =>
    few.run({ kind: 'feed', bytes: new Uint8Array(), options: { url: 'nothing' } });
  const reading = Array.from({ length: 20 }, read);
  const { pids } = few;
  expect(pids.length).toBe(LIMITS.processesMax);
  await Promise.all(reading);
  await vi.waitFor(() => {
    expect(few.pids).toEqual([]);
  });
  expect(pids.some(isRunning)).toBe(false);
});

test('a process ends by itself when it has read a feed', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [PARSE_AND_END]);
  expect(stdout).toBe('t 1\n');
});

test('a parser at work ends although the process that asked was killed', async () => {
  const asking = spawn(process.execPath, [PARSE_AND_END, BAD_PARSER.href, 'loop'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(asking.stdout, 'data')) as [Buffer];
  const pid = Number(line.toString());
  expect(isRunning(pid)).toBe(true);
  asking.kill('SIGKILL');
  await vi.waitFor(() => {
    expect(isRunning(pid)).toBe(false);
  }, 10_000);
});
