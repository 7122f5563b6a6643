import { chown, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRoot } from './account.ts';
import { commandOf, markOf, signalReaches } from './process-mark.ts';
import type { ProcessMark } from './process-mark.ts';

/** A living server on some data, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly mark: ProcessMark;
  /** Null in the first moments, before it listens. */
  readonly port: number | null;
  /** Whether it says so itself. To ask earlier would only fill its log with refusals. */
  readonly ready: boolean;
}

/** Beyond any number a process can have (Linux: at most 2^22). */
const NO_PID = 4_194_305;
const EMPTY_MS_MAX = 2_000;

/** The server that runs on `data`, or null. A file left by a dead one is no server. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const lines = await readPidFile(data);
  if (lines === null || ownerOf(lines) !== 'postmaster') return null;
  const mark = markOf(Number(lines[0]));
  return mark === null ? null : { mark, port: portIn(lines), ready: lines[7]?.trim() === 'ready' };
}

/**
 * Makes a stale `postmaster.pid` harmless, and gives the port the dead server used, if any is known.
 *
 * Postgres itself clears a file whose process is gone, but refuses to start when the number now belongs to another
 * process. The file is not deleted, though: it also names the shared memory by which Postgres notices that children
 * of the dead server still work on the data. So only the number is replaced, by one no process can have.
 */
export async function disarmPidFile(data: string): Promise<number | null> {
  const lines = await readPidFile(data);
  if (lines === null) return null;
  if (lines.join('') === '') await clearEmpty(data);
  // No race with a server that is just coming up: none replaces a file whose number belongs to a living process.
  else if (ownerOf(lines) === 'stranger')
    await replace(pidFile(data), [NO_PID, ...lines.slice(1)].join('\n'));
  return portIn(lines);
}

/** A power failure can leave the file empty, which Postgres never clears; a server that starts fills it at once. */
async function clearEmpty(data: string): Promise<void> {
  const { mtimeMs } = await stat(pidFile(data));
  if (Date.now() - mtimeMs > EMPTY_MS_MAX) await rm(pidFile(data), { force: true });
}

/** Writes the whole file at once, for the same owner. */
async function replace(path: string, content: string): Promise<void> {
  const { uid, gid, mode } = await stat(path);
  await writeFile(`${path}.new`, content, { mode });
  if (isRoot()) await chown(`${path}.new`, uid, gid);
  await rename(`${path}.new`, path);
}

/** Whose number the file holds: a server's on this folder, another living process's, or nobody's. */
function ownerOf(lines: readonly string[]): 'postmaster' | 'stranger' | 'nobody' {
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || !signalReaches(pid)) return 'nobody';
  // A zombie: dead for us, but Postgres, which only asks whether a signal would arrive, takes it for a server. Where
  // nobody collects the dead (a container whose first process does not), it stays one.
  if (markOf(pid) === null) return 'stranger';
  const command = commandOf(pid);
  const folder = lines[1];
  // What cannot be read is taken for a server: a refused start is better than two on the same data.
  return command === null || !folder || command.includes(folder) ? 'postmaster' : 'stranger';
}

function pidFile(data: string): string {
  return join(data, 'postmaster.pid');
}

async function readPidFile(data: string): Promise<string[] | null> {
  try {
    return (await readFile(pidFile(data), 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Lines of the file: pid, data folder, start time, port, socket folder, address, shared memory, status. */
function portIn(lines: readonly string[]): number | null {
  const port = Number(lines[3]);
  return Number.isInteger(port) && port > 0 ? port : null;
}
