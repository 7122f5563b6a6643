import { randomBytes } from 'node:crypto';
import { link, readFile, readdir, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { EmbeddedPostgresError } from './errors.ts';
import { judge, markOf, parseMark } from './process-mark.ts';

/** A lock between processes that a crash cannot leave shut. */
export interface Lock {
  release(): Promise<void>;
}

const POLL_MS = 25;
/** A holder in another container cannot be seen; after this long it is taken for dead. */
const UNSEEN_HOLDER_MS_MAX = 60_000;
const NAME = /^lock\.(\d+)$/;

/**
 * Takes the lock of `folder`, waiting for a living holder until `deadline` (epoch ms), then EmbeddedPostgresError.
 *
 * Locks are numbered and the highest number is the one that counts. It is held while its file names a living
 * process; to take over from a released or dead one is to create the next number, which the file system lets
 * exactly one process do. The highest is never deleted, so a process that decided on an old listing finds the
 * higher number afterwards and stands back. There is no moment in which a stale lock is removed, and so none in
 * which a fresh one could be removed in its place.
 *
 * `spare` is a file on the same file system that names this process already, as the entry of a user does: where the
 * disk is too full for another, it serves as the lock.
 */
export async function acquireLock(folder: string, deadline: number, spare?: string): Promise<Lock> {
  for (;;) {
    const highest = await highestIn(folder);
    const holder = highest === 0 ? null : await holderOf(folder, highest);
    if (holder === null) {
      if (await claim(folder, highest + 1, spare)) return lockAt(folder, highest + 1);
    } else if (Date.now() >= deadline) {
      throw new EmbeddedPostgresError(
        `process ${holder} is starting or stopping the server in ${folder} and does not finish`,
        'Wait for it, or end that process, and start again',
      );
    } else {
      await wait(POLL_MS);
    }
  }
}

function lockAt(folder: string, number: number): Lock {
  return {
    async release() {
      try {
        // Emptied rather than replaced: that needs no room on a disk that has none.
        await truncate(join(folder, `lock.${number}`));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // we were taken for dead, and a higher one exists
      }
    },
  };
}

/** The pid of the process that holds the lock of `folder` just now, or null. */
export async function lockHolder(folder: string): Promise<number | null> {
  const highest = await highestIn(folder);
  return highest === 0 ? null : await holderOf(folder, highest);
}

async function highestIn(folder: string): Promise<number> {
  let highest = 0;
  for (const name of await readdir(folder)) highest = Math.max(highest, Number(NAME.exec(name)?.[1] ?? 0));
  return highest;
}

/** The pid that holds lock `number`, or null when nobody does. */
async function holderOf(folder: string, number: number): Promise<number | null> {
  const path = join(folder, `lock.${number}`);
  try {
    const mark = parseMark(await readFile(path, 'utf8'));
    if (mark === null) return null;
    const verdict = judge(mark);
    if (verdict === 'elsewhere')
      return Date.now() - (await stat(path)).mtimeMs < UNSEEN_HOLDER_MS_MAX ? mark.pid : null;
    return verdict === 'alive' ? mark.pid : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null; // a higher one exists by now: claim() finds it
    throw error;
  }
}

async function claim(folder: string, number: number, spare?: string): Promise<boolean> {
  const draft = await writeDraft(folder, JSON.stringify(markOf(process.pid)), spare);
  const path = join(folder, `lock.${number}`);
  try {
    await link(draft, path); // a whole file at once or EEXIST, which opening and then writing could not give
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' || code === 'ENOENT') return false; // ENOENT: the winner tidied our draft away
    throw error;
  } finally {
    if (draft !== spare) await rm(draft, { force: true });
  }
  if ((await highestIn(folder)) > number) {
    await rm(path, { force: true });
    return false;
  }
  await tidy(folder, number);
  return true;
}

async function tidy(folder: string, number: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const lower = Number(NAME.exec(name)?.[1] ?? number) < number;
    if (lower || name.startsWith('lock-draft-')) await rm(join(folder, name), { force: true });
  }
}

/** The path of a file that holds `text`: a new one, or `spare` where the disk is full. */
async function writeDraft(folder: string, text: string, spare?: string): Promise<string> {
  const path = join(folder, `lock-draft-${randomBytes(8).toString('hex')}`);
  try {
    await writeFile(path, text, { mode: 0o644, flag: 'wx' });
    return path;
  } catch (error) {
    await rm(path, { force: true });
    const isFull = ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
    if (spare !== undefined && isFull) return spare;
    throw error;
  }
}
