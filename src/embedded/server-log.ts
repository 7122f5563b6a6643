import { chown, copyFile, open, stat, truncate } from 'node:fs/promises';

/** Above this the log is moved aside to `<file>.1` and begun anew, so both together stay below about twice this. */
const SERVER_LOG_BYTES_MAX = 8 * 1024 * 1024;
const TAIL_LINES_MAX = 12;
const TAIL_BYTES_MAX = 8 * 1024;

/** How long `file` is, 0 when it is not there: remember it to read later what was added. */
export async function lengthOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw error;
  }
}

/** The last lines of `file`, at most from byte `from` on. */
export async function tailOf(file: string, from = 0): Promise<string> {
  const size = await lengthOf(file);
  // The log was cut since: all that is in it is new.
  const start = Math.max(from > size ? 0 : from, size - TAIL_BYTES_MAX);
  if (size === start) return '';
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return buffer.toString('utf8', 0, bytesRead).trim().split('\n').slice(-TAIL_LINES_MAX).join('\n');
  } finally {
    await handle.close();
  }
}

/**
 * Keeps the log bounded. Postgres holds the file open for appending, so it is copied and cut rather than renamed;
 * lines written in between are lost, which a log that outgrew its bound can bear.
 */
export async function boundLog(file: string, bytesMax = SERVER_LOG_BYTES_MAX): Promise<void> {
  const facts = await stat(file);
  if (facts.size <= bytesMax) return;
  await copyFile(file, `${file}.1`);
  if (process.geteuid?.() === 0) await chown(`${file}.1`, facts.uid, facts.gid);
  await truncate(file, 0);
}
