import { open, stat } from 'node:fs/promises';
import { UsageError } from './usage.ts';

const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  ENOTDIR: 'goes through something that is no folder',
  EISDIR: 'is a folder',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'is on a disk that cannot be written to',
  ENOSPC: 'the disk is full',
  ELOOP: 'is a link that leads to itself',
};

/** What the system says against a file, in words; null for an error that is not the system's. */
export function systemTrouble(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return TROUBLES[code] ?? null;
}

/** What an error says against a file, in the system's words where we have none. */
export function fileTrouble(error: unknown): string {
  return systemTrouble(error) ?? (error instanceof Error ? error.message : String(error));
}

/** Makes sure that a file can be read from its beginning. Throws UsageError, naming it, where it cannot. */
export async function ensureReadable(file: string): Promise<void> {
  try {
    const opened = await open(file, 'r');
    try {
      if ((await opened.stat()).isDirectory()) throw new UsageError(`${file}: is a folder`);
    } finally {
      await opened.close();
    }
  } catch (error) {
    throw error instanceof UsageError ? error : new UsageError(`${file}: ${fileTrouble(error)}`);
  }
}

/** Makes sure that a file may stand there by and by. Throws UsageError, naming it, where a folder does. */
export async function ensureNoFolder(file: string): Promise<void> {
  const found = await stat(file).catch(() => null);
  if (found?.isDirectory() === true) throw new UsageError(`${file}: is a folder`);
}
