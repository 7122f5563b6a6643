import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** What is shared by every project. */
const common = {
  globalSetup: ['test/support/global-setup.ts'],
  setupFiles: ['test/support/parsers.ts'],
  testTimeout: 30_000,
  hookTimeout: 60_000,
  // Files change no globals, so that one process runs many of them: loading the modules anew for each took half of all
  // the time there is.
  isolate: false,
  // The product runs on UTC instants; a test that passes in one zone only is a bug waiting for a traveller.
  env: { TZ: 'Asia/Seoul' },
};

/** Tests that reach the queues, run again on Redis; and those that reach the database, again on the oldest PostgreSQL. */
const onQueues = [
  'test/workers/{pipeline,queues,reconcile}*.test.ts',
  'test/crash/{crash,database,two-of-each}.test.ts',
];
const onDatabase = ['store', 'projections', 'query', 'workers', 'alerts'].flatMap((room) =>
  readdirSync(join(import.meta.dirname, 'test', room))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `test/${room}/${name}`)
    .filter(asksForDatabase),
);

/** Whether a test file asks for the database of its project: what it says is the same on any PostgreSQL if not. */
function asksForDatabase(file: string): boolean {
  return /\b(?:useStore|postgresUrl)\b/.test(readFileSync(join(import.meta.dirname, file), 'utf8'));
}

interface Half {
  readonly name: string;
  readonly include: string[];
  /** Any of these has to be there. */
  readonly needs: readonly string[];
  readonly what: string;
}

/** What Debian's packages make possible; nothing else than Node is needed for the rest. */
const HALVES: readonly Half[] = [
  {
    name: 'redis',
    include: onQueues,
    needs: ['/usr/bin/redis-server', '/usr/bin/valkey-server'],
    what: 'redis-server',
  },
  {
    name: 'postgres-15',
    include: onDatabase,
    needs: ['/usr/lib/postgresql/15/bin/postgres'],
    what: 'postgresql-15',
  },
];

const halves = HALVES.filter(({ name, needs, what }) => {
  if (needs.some((file) => existsSync(file))) return true;
  if (process.env['CI'] !== undefined)
    throw new Error(`the tests on ${name} may not be skipped here: install ${what}`);
  process.stderr.write(`\nSKIPPED: the tests on ${name}, as ${what} is not installed\n\n`);
  return false;
});

export default defineConfig({
  test: {
    // Two cores: more files at once only slow each other down.
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'embedded', include: ['test/**/*.test.ts'] } },
      ...halves.map(({ name, include }) => ({ test: { ...common, name, include } })),
    ],
  },
});
