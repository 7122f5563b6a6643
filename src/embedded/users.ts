import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { judge, markOf, parseMark } from './process-mark.ts';

/**
 * Who uses the server: one file per user in `folder`, holding the mark of its process. Read and changed under
 * the lock only, except for `signOfLife`.
 */
export const SIGN_OF_LIFE_MS = 5_000;
/** A user in another container cannot be seen; without a sign of life for this long it is taken for gone. */
const UNSEEN_USER_MS_MAX = 4 * SIGN_OF_LIFE_MS;

/** Enters this process among the users; gives the path of its entry. */
export async function enter(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${process.pid}-${randomBytes(6).toString('hex')}.json`);
  await writeFile(path, JSON.stringify(markOf(process.pid)), { mode: 0o644 });
  return path;
}

/** For those who cannot see our process: our entry is fresh. */
export async function signOfLife(entry: string, now: Date): Promise<void> {
  await utimes(entry, now, now);
}

export interface Users {
  /** Pids that are known to live. */
  readonly alive: readonly number[];
  /** Entries of another container that were fresh lately. */
  readonly elsewhere: readonly string[];
}

/** Who uses the server now (epoch ms); entries of dead processes are removed. */
export async function usersIn(folder: string, now: number): Promise<Users> {
  const { alive, elsewhere, dead } = await look(folder, now);
  for (const path of dead) await rm(path, { force: true });
  return { alive, elsewhere };
}

/** The same for one who only looks, and needs no lock. */
export async function seenUsers(folder: string, now: number): Promise<Users> {
  const { alive, elsewhere } = await look(folder, now);
  return { alive, elsewhere };
}

async function look(folder: string, now: number): Promise<Users & { readonly dead: readonly string[] }> {
  const alive: number[] = [];
  const elsewhere: string[] = [];
  const dead: string[] = [];
  for (const name of await namesIn(folder)) {
    const path = join(folder, name);
    const entry = await readEntry(path);
    if (entry === null) continue;
    const mark = parseMark(entry.text);
    const verdict = mark === null ? 'gone' : judge(mark);
    if (mark !== null && verdict === 'alive') alive.push(mark.pid);
    else if (verdict === 'elsewhere' && now - entry.mtimeMs < UNSEEN_USER_MS_MAX) elsewhere.push(path);
    else dead.push(path);
  }
  return { alive, elsewhere, dead };
}

/** Null for one that has left meanwhile, or is closed to us. */
async function readEntry(path: string): Promise<{ text: string; mtimeMs: number } | null> {
  try {
    return { text: await readFile(path, 'utf8'), mtimeMs: (await stat(path)).mtimeMs };
  } catch (error) {
    if (isOutOfSight(error)) return null;
    throw error;
  }
}

function isOutOfSight(error: unknown): boolean {
  return ['ENOENT', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isOutOfSight(error)) return [];
    throw error;
  }
}
