import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { madeAt, newestIn } from './program.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** Builds what is installed and run, if a source is newer than it. */
export async function build(): Promise<void> {
  if ((await madeAt(join(ROOT, 'dist/cli/main.js'))) > (await newestIn('src'))) return;
  process.stderr.write('\nbuilding, as sources are newer than what is built\n');
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: ROOT });
}
