import { readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '../..');
/** One folder below the root, as what is built is: the product looks for its parts from there. */
const FOLDER = join(ROOT, '.shuttlewatch-programs');

/** Every program that tests start, by its source. */
const PROGRAMS = [
  'src/cli/main.ts',
  'src/ingest/parser-program.ts',
  'test/crash/child.ts',
  'test/crash/log-child.ts',
  'test/ingest/bad-parser.ts',
  'test/ingest/parse-and-end.ts',
  'test/support/append-many.ts',
  'test/support/follow-log.ts',
  'test/workers/depth.ts',
].map((source) => join(ROOT, source));

/** The command line as tests start it. */
export const CLI = join(FOLDER, 'main.js');

/** When one of the files below a folder was changed last. */
export async function newestIn(folder: string): Promise<number> {
  const files = await readdir(join(ROOT, folder), { recursive: true, withFileTypes: true });
  const times = await Promise.all(
    files
      .filter((file) => file.isFile())
      .map(async (file) => (await stat(join(file.parentPath, file.name))).mtimeMs),
  );
  return Math.max(...times);
}

/** When a file was made; 0 where it is not there. */
export async function madeAt(file: string): Promise<number> {
  return await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/**
 * Makes the programs anew where a source is newer than they are: JavaScript with its packages in it, since Node spends twice as
 * long on getting up when it has to find four hundred files, and four times as long through tsx.
 */
export async function buildPrograms(): Promise<void> {
  const changed = await Promise.all([
    ...['src', 'test', 'bench'].map(newestIn),
    madeAt(join(ROOT, 'package-lock.json')),
  ]);
  if ((await madeAt(CLI)) > Math.max(...changed)) return;
  // Beside, and then in place: a run beside this one may be using them.
  const made = `${FOLDER}-${process.pid}`;
  await build({
    absWorkingDir: ROOT,
    entryPoints: PROGRAMS,
    outdir: made,
    entryNames: '[name]',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    // Less to read, at every start of one of hundreds of processes.
    minifyWhitespace: true,
    minifySyntax: true,
    // A stack that a failed program leaves names functions; packages in CommonJS ask for `require`.
    keepNames: true,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
  await rm(FOLDER, { recursive: true, force: true });
  await rename(made, FOLDER);
}

/** The file of JavaScript that Node starts for a program written in TypeScript, as buildPrograms has made it. */
export function programOf(source: string): string {
  if (!PROGRAMS.includes(source)) throw new Error(`${source} is none of the programs that are built`);
  return join(FOLDER, `${basename(source, '.ts')}.js`);
}
