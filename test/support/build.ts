import { execFile } from 'node:child_process';
import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const ROOT = resolve(import.meta.dirname, '../..');
/** What tests of the command line run: a process of it starts in a quarter of the time that its source needs. */
export const CLI = join(ROOT, 'dist/cli/main.js');

async function newest(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs),
  );
  return Math.max(...times);
}

/** Builds what is run if a source is newer than it. */
export async function build(): Promise<void> {
  const built = await stat(CLI).then(
    (file) => file.mtimeMs,
    () => 0,
  );
  if (built > (await newest(join(ROOT, 'src')))) return;
  process.stderr.write('\nbuilding, as sources are newer than what is built\n');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT });
}
