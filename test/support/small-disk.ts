import { execFileSync } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface SmallDisk {
  readonly folder: string;
  /** Writes until nothing more fits. */
  fill(): Promise<void>;
  /** Takes what `fill` wrote away again. */
  free(): Promise<void>;
  remove(): Promise<void>;
}

const MIB = 1024 * 1024;
const BLOCK_BYTES = 4_096;

/** A disk of `mib` MiB in memory; null where this user may not mount one. */
export async function smallDisk(mib: number): Promise<SmallDisk | null> {
  const folder = await mkdtemp(join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=755`, 'tmpfs', folder], {
      stdio: 'ignore',
    });
  } catch {
    await rm(folder, { recursive: true });
    return null; // not root, or a container that forbids it
  }
  const ballast = join(folder, 'ballast');
  return {
    folder,
    async fill() {
      for (const bytes of [MIB, BLOCK_BYTES]) await fillBy(ballast, bytes);
    },
    free: () => rm(ballast, { force: true }),
    async remove() {
      execFileSync('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

async function fillBy(file: string, bytes: number): Promise<void> {
  const block = Buffer.alloc(bytes, 1);
  try {
    for (;;) await appendFile(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}
