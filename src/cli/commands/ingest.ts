import type { Command } from 'commander';
import { printable } from '../../alerts/console-channel.ts';
import { openDossier } from '../../query/dossier.ts';
import type { HttpClient } from '../../net/http.ts';
import { Importer } from '../../workers/import-items.ts';
import { settle } from '../../workers/settle.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { listSources, readSource } from '../sources.ts';
import type { Source } from '../sources.ts';
import { withWorkers } from '../workers.ts';

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
  session: Session,
  sources: readonly Source[],
  flags: Flags,
  output: Output,
): Promise<Summary> {
  const started = performance.now();
  const { store, config, now } = session;
  const dossier = await openDossier(config.SHUTTLEWATCH_DOSSIER);
  // Neither ingest nor deliver: importing neither polls feeds nor sends anything.
  const roles = ['classify', 'follow'] as const;
  const options = { dossier, roles, ticks: false, pollIntervalMs: 0, allowPrivate: false };
  const counts = await withWorkers(session, options, output, async (working) => {
    const importer = new Importer({ store, dossier, now });
    const how = { http: working.http, allowPrivate: flags.allowPrivate === true, now };
    const { items, bad } = await importAll(importer, sources, how, output);
    const progress = new Progress(output, 'tagged, items');
    // Tags in the log are the aim; a job that a killed process left behind is not worth waiting for.
    await settle(working, working.names, { waitFor: [] }, (left) => {
      progress.update(Math.max(0, items - left.untagged), items);
    });
    progress.finish(items);
    return { items, ...importer.counts, bad };
  });
  const seconds = (performance.now() - started) / 1000;
  return {
    ...counts,
    seconds: Math.round(seconds * 100) / 100,
    itemsPerSecond: Math.round(counts.items / seconds),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / KB_PER_MB),
  };
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
