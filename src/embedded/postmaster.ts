import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandOf, markOf } from './process-mark.ts';
import type { ProcessMark } from './process-mark.ts';

/** A living server on some data, as its `postmaster.pid` tells. */
export interface Postmaster {
  readonly mark: ProcessMark;
  /** Null in the first moments, before it listens. */
  readonly port: number | null;
}

/** Beyond any number a process can have (Linux: at most 2^22). */
const NO_PID = 4_194_305;

/** The server that runs on `data`, or null. A file left by a dead one is no server. */
export async function findPostmaster(data: string): Promise<Postmaster | null> {
  const lines = await readPidFile(data);
  if (lines === null || ownerOf(lines) !== 'postmaster') return null;
  const mark = markOf(Number(lines[0]));
  return mark === null ? null : { mark, port: portIn(lines) };
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
  // No race with a server that is just coming up: none replaces a file whose number belongs to a living process.
  if (ownerOf(lines) === 'stranger') {
    // Opened and cut, not replaced, so that it stays the account's.
    await writeFile(pidFile(data), [NO_PID, ...lines.slice(1)].join('\n'));
  }
  return portIn(lines);
}

/** Whose number the file holds: a server's on this folder, another living process's, or nobody's. */
function ownerOf(lines: readonly string[]): 'postmaster' | 'stranger' | 'nobody' {
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0 || markOf(pid) === null) return 'nobody';
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
