import type { Command } from 'commander';
import { printable } from '../../alerts/console-channel.ts';
import { loadDossier } from '../../dossier/load.ts';
import type { HttpClient } from '../../net/http.ts';
import { Importer } from '../../workers/import-items.ts';
import { openQueues } from '../../workers/queues.ts';
import { consumers, runWorkers } from '../../workers/run.ts';
import { settle } from '../../workers/settle.ts';
import { syncDossier } from '../../workers/sync-dossier.ts';
import { channelsOf } from '../channels.ts';
import { httpClientOf } from '../http.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { listSources, readSource } from '../sources.ts';
import type { Source } from '../sources.ts';

interface Flags {
  readonly allowPrivate?: true;
  readonly json?: true;
}

interface Summary {
  readonly items: number;
  readonly ingested: number;
  readonly revised: number;
  readonly unchanged: number;
  /** Lines, files and URLs that could not be read. */
  readonly bad: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly peakMemoryMb: number;
}

/** Bad inputs named one by one; the rest is counted. */
const BAD_SHOWN_MAX = 20;
const KB_PER_MB = 1024;

async function importAll(
  importer: Importer,
  sources: readonly Source[],
  how: { readonly http: HttpClient; readonly allowPrivate: boolean; readonly now: () => Date },
  output: Output,
): Promise<{ items: number; bad: number }> {
  const progress = new Progress(output, 'read, items');
  let items = 0;
  let bad = 0;
  for (const source of sources) {
    for await (const entry of readSource(source, how)) {
      if (entry.kind === 'item') {
        items += 1;
        await importer.add(entry);
        progress.update(items, null);
        continue;
      }
      bad += 1;
      if (bad <= BAD_SHOWN_MAX) output.err(`${printable(`${entry.where}: ${entry.reason}`)}\n`);
    }
  }
  await importer.flush();
  progress.finish(items);
  if (bad > BAD_SHOWN_MAX) output.err(`and ${bad - BAD_SHOWN_MAX} more that could not be read\n`);
  return { items, bad };
}

async function ingest(
  { store, config, log, now }: Session,
  sources: readonly Source[],
  flags: Flags,
  output: Output,
): Promise<Summary> {
  const started = performance.now();
  const dossier = await loadDossier(config.SHUTTLEWATCH_DOSSIER);
  await syncDossier(store, dossier, now());
  const http = httpClientOf(config);
  const queues = openQueues(store.url, log);
  const deps = { store, queues, dossier, http, channels: channelsOf(config, http, output.out), now, log };
  // Neither ingest nor deliver: importing neither polls feeds nor sends anything.
  const running = await runWorkers({
    ...deps,
    roles: ['classify', 'follow'],
    ticks: false,
    pollIntervalMs: 0,
    allowPrivate: false,
  });
  try {
    const importer = new Importer({ store, dossier, now });
    const { items, bad } = await importAll(
      importer,
      sources,
      { http, allowPrivate: flags.allowPrivate === true, now },
      output,
    );
    const progress = new Progress(output, 'tagged, items');
    const names = consumers(deps).map((consumer) => consumer.name);
    // Tags in the log are the aim; a job that a killed process left behind is not worth waiting for.
    await settle(deps, names, { waitFor: [] }, (left) => {
      progress.update(Math.max(0, items - left.untagged), items);
    });
    progress.finish(items);
    const seconds = (performance.now() - started) / 1000;
    return {
      items,
      ...importer.counts,
      bad,
      seconds: Math.round(seconds * 100) / 100,
      itemsPerSecond: Math.round(items / seconds),
      peakMemoryMb: Math.round(process.resourceUsage().maxRSS / KB_PER_MB),
    };
  } finally {
    await running.stop();
    await http.close();
  }
}

function summaryText(summary: Summary): string {
  const { items, ingested, revised, unchanged, seconds, itemsPerSecond, peakMemoryMb } = summary;
  return (
    `${items} items: ${ingested} new, ${revised} revised, ${unchanged} known already\n` +
    `${seconds} s, ${itemsPerSecond} items/s, at most ${peakMemoryMb} MB; all tagged, nothing sent (imports are backfill)\n`
  );
}

/** `ingest`: feed files, URLs, folders and JSONL archives through the whole pipeline. */
export function ingestCommand(program: Command, output: Output): void {
  program
    .command('ingest')
    .description('import feed files, feed URLs, folders and JSONL archives; what is imported never alerts')
    .argument(
      '<source...>',
      'feed files, URLs, folders of them, or .jsonl with {title, summary, url, date, source, lang} a line',
    )
    .option('--allow-private', 'fetch from addresses of this machine and network too')
    .option('--json', 'print a JSON summary')
    .addHelpText(
      'after',
      '\nExamples:\n  $ shuttlewatch ingest archive.jsonl\n  $ shuttlewatch ingest feeds/ https://example.org/rss',
    )
    .action(async (names: string[], flags: Flags) => {
      const sources = await listSources(names);
      await withSession(async (session) => {
        const summary = await ingest(session, sources, flags, output);
        output.out(flags.json ? json(summary) : summaryText(summary));
        if (summary.bad > 0) throw new Error(`${summary.bad} of the inputs could not be read`);
      });
    });
}
