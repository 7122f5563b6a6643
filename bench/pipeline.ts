/**
 * Measures the whole pipeline over generated news, as a user runs it; bench/README.md tells what is measured.
 *
 *   npx tsx bench/pipeline.ts [--items 100000] [--seed 1] [--queues postgres|redis|both] [--processes 1,2,4]
 *     [--via archive|http|both] [--idle 100] [--starts 5] [--json]
 *
 * It runs what is built: `npm run build` first.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openDossier } from '../src/query/dossier.ts';
import { CLI } from './children.ts';
import { buildLabWorker } from './lab.ts';
import { newsWriter, outletsOf } from './news.ts';
import { runArchive } from './pipeline-archive.ts';
import { tableHead, tableRow } from './pipeline-figures.ts';
import type { Figures } from './pipeline-figures.ts';
import { startPostgres } from './postgres.ts';

const OUTLETS = 40;
const DOSSIER = resolve('dossiers/shuttle-diplomacy');
const DAY_MS = 86_400_000;

const say = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const { values: flags } = parseArgs({
  options: {
    items: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    processes: { type: 'string', default: '1,2,4' },
    json: { type: 'boolean', default: false },
  },
});
if (!existsSync(CLI)) throw new Error(`${CLI} is not there: npm run build first`);
const items = Number(flags.items);

async function bench(folder: string): Promise<void> {
  const dossier = await openDossier(DOSSIER);
  const outlets = outletsOf(dossier, OUTLETS);
  const until = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS);
  const write = newsWriter({ dossier, outlets, seed: Number(flags.seed), count: items, until });
  const labWorker = await buildLabWorker(folder);
  say(`${items} items, ${cpus().length} × ${cpus()[0]?.model ?? '?'}, Node ${process.version}`);
  if (!flags.json) print(tableHead());
  const all: Figures[] = [];
  for (const processes of flags.processes.split(',').map(Number)) {
    const postgres = await startPostgres();
    try {
      const run = { items, processes, queues: 'postgres', postgres, redis: null } as const;
      const figures = await runArchive({ ...run, dossier: DOSSIER, folder, write, labWorker });
      all.push(figures);
    } finally {
      await postgres.stop();
    }
    if (!flags.json)
      all.slice(-1).forEach((figures) => {
        print(tableRow(figures));
      });
  }
  if (flags.json) print(JSON.stringify(all, null, 2));
}

const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
try {
  await bench(folder);
} finally {
  await rm(folder, { recursive: true, force: true });
}
