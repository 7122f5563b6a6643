import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acquireLock } from '../../src/embedded/lock.ts';
import { judge, markOf } from '../../src/embedded/process-mark.ts';
import type { ProcessMark } from '../../src/embedded/process-mark.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'));
});
afterEach(() => rm(folder, { recursive: true }));

const soon = (): number => Date.now() + 10_000;
const ours = (): ProcessMark => markOf(process.pid) ?? expect.fail('we do not run');

test('one holds the lock at a time, whoever asks, and the folder stays small', async () => {
  let inside = 0;
  let passed = 0;
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      const lock = await acquireLock(folder, soon());
      inside += 1;
      await turn();
      expect(inside).toBe(1);
      inside -= 1;
      passed += 1;
      await lock.release();
    }),
  );
  expect(passed).toBe(12);
  expect(await readdir(folder)).toEqual(['lock.12']);
});

test('a lock whose holder died is taken over by one of those who wait', async () => {
  await writeFile(join(folder, 'lock.7'), JSON.stringify({ ...ours(), started: 'long ago' }));
  let inside = 0;
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const lock = await acquireLock(folder, soon());
      inside += 1;
      await turn();
      expect(inside).toBe(1);
      inside -= 1;
      await lock.release();
    }),
  );
  expect(await readdir(folder)).toEqual(['lock.13']);
});

test('a lock cut short by a power failure is nobody’s', async () => {
  await writeFile(join(folder, 'lock.1'), '');
  const lock = await acquireLock(folder, soon());
  await lock.release();
});

test('one who waits too long is told for whom', async () => {
  const lock = await acquireLock(folder, soon());
  await expect(acquireLock(folder, Date.now())).rejects.toThrow(
    `process ${process.pid} is starting or stopping`,
  );
  await lock.release();
});

test.skipIf(process.platform !== 'linux')(
  'a holder in another container counts until it has been silent for long',
  async () => {
    const [boot] = ours().scope.split(' ');
    const path = join(folder, 'lock.1');
    await writeFile(path, JSON.stringify({ ...ours(), scope: `${boot ?? ''} pid:[1]` }));
    await expect(acquireLock(folder, Date.now())).rejects.toThrow('does not finish');
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await utimes(path, anHourAgo, anHourAgo);
    await (await acquireLock(folder, soon())).release();
  },
);

test('a process is told from another that got its number, and from one of before the last boot', () => {
  expect(judge(ours())).toBe('alive');
  expect(judge({ ...ours(), started: '1' })).toBe('gone');
  expect(judge({ ...ours(), scope: 'another boot' })).toBe('gone');
  expect(markOf(4_194_305)).toBeNull();
});
