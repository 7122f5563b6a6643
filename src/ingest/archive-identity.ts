import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Bytes of a file that are all hashed: a second or two. Of a larger one SAMPLES are. */
const WHOLE_BYTES_MAX = 1024 * 1024 * 1024;
const SAMPLES = 1_024;
const SAMPLE_BYTES = 64 * 1024;
/** Bytes read at once. */
const PART_BYTES = 1024 * 1024;

export interface IdentityLimits {
  readonly wholeBytesMax: number;
}

/** Hashes `bytes` from `from` on, or what there is of them. */
async function hashRange(hash: Hash, file: FileHandle, from: number, bytes: number): Promise<void> {
  const part = Buffer.alloc(Math.min(PART_BYTES, bytes));
  for (let at = from; at < from + bytes;) {
    const { bytesRead } = await file.read(part, 0, Math.min(part.byteLength, from + bytes - at), at);
    if (bytesRead === 0) return;
    hash.update(part.subarray(0, bytesRead));
    at += bytesRead;
  }
}

/**
 * What tells a file from any other, for an import of it to go on where it was: the sha256 of all that is in it, so that the same content is
 * the same file under any name. One of more than `wholeBytesMax` bytes would take too long: its size, the time of its last change, and
 * the sha256 of SAMPLES pieces of it, the first and the last bytes among them. A copy of such a file is another one, which costs only time.
 * Throws what the file system throws.
 */
export async function identityOf(
  path: string,
  { wholeBytesMax }: IdentityLimits = { wholeBytesMax: WHOLE_BYTES_MAX },
): Promise<string> {
  const file = await open(path);
  try {
    const { size, mtimeMs } = await file.stat();
    const hash = createHash('sha256');
    if (size <= wholeBytesMax) {
      await hashRange(hash, file, 0, size);
      return `${size}-${hash.digest('hex')}`;
    }
    const step = (size - SAMPLE_BYTES) / (SAMPLES - 1);
    for (let sample = 0; sample < SAMPLES; sample += 1)
      await hashRange(hash, file, Math.floor(sample * step), SAMPLE_BYTES);
    return `${size}-${mtimeMs}-${hash.digest('hex')}`;
  } finally {
    await file.close();
  }
}
