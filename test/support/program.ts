import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const made = new Map<string, string>();
let folder: string | null = null;

function outFolder(): string {
  if (folder !== null) return folder;
  const created = mkdtempSync(join(tmpdir(), 'shuttlewatch-programs-'));
  process.once('exit', () => {
    rmSync(created, { recursive: true, force: true });
  });
  folder = created;
  return created;
}

function build(source: string, outfile: string): void {
  buildSync({
    entryPoints: [source],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    // A stack that a failed program leaves names functions; packages in CommonJS ask for `require`.
    keepNames: true,
    banner: {
      js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
    },
    logLevel: 'error',
  });
}

/** Programs of the product that others start, and look for beside themselves. */
const PARSER_PROGRAM = join(import.meta.dirname, '../../src/ingest/parser-program.ts');

/**
 * A program of the tests, written in TypeScript, as one file of JavaScript that Node starts, with its packages in it:
 * made once a process. Started through tsx it takes four times as long to get up, and it is started many times.
 */
export function programOf(source: string): string {
  const known = made.get(source);
  if (known !== undefined) return known;
  const outfile = join(outFolder(), `${made.size}.mjs`);
  if (made.size === 0) build(PARSER_PROGRAM, join(outFolder(), 'parser-program.mjs'));
  build(source, outfile);
  made.set(source, outfile);
  return outfile;
}
