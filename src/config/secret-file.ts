import { closeSync, openSync, readSync } from 'node:fs';

/** Bytes of a file that holds a secret: what is longer is another file. */
const SECRET_BYTES_MAX = 65_536;

/** The text of the file at `path` without the space around it, or what is wrong with it, in words that follow its path. */
export function readSecretFile(path: string): { readonly text: string } | { readonly problem: string } {
  let bytes: Buffer;
  try {
    bytes = firstBytes(path);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    return { problem: `cannot be read (${code})` };
  }
  if (bytes.length > SECRET_BYTES_MAX) return { problem: `is longer than ${SECRET_BYTES_MAX} bytes` };
  const text = bytes.toString('utf8').trim();
  return text === '' ? { problem: 'is empty' } : { text };
}

/** At most one byte more than is allowed, so that a device that never ends does. */
function firstBytes(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(SECRET_BYTES_MAX + 1);
    let filled = 0;
    for (let read = -1; read !== 0 && filled < bytes.length; filled += read) {
      read = readSync(file, bytes, filled, bytes.length - filled, null);
    }
    return bytes.subarray(0, filled);
  } finally {
    closeSync(file);
  }
}
