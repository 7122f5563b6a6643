import type { Command } from 'commander';
import { openDossier } from '../../query/dossier.ts';
import { CapturedFeeds } from '../../workers/captured-feeds.ts';
import { Importer } from '../../workers/import-items.ts';
import { settle } from '../../workers/settle.ts';
import { importSources } from '../import-sources.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { listSources } from '../sources.ts';
import type { Source } from '../sources.ts';
import { count } from '../usage.ts';
import { counted } from '../words.ts';
import { withWorkers } from '../workers.ts';

interface Flags {
  readonly alertHours?: number;
  readonly anew?: true;
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
  /** How many of those are lines of archives. */
  readonly badLines: number;
  /** Records that were wrong and could be mended. */
  readonly mended: number;
  /** Items that were left out of documents. */
  readonly leftOut: number;
  /** Items whose date cannot be read. */
  readonly undated: number;
  readonly seconds: number;
  readonly itemsPerSecond: number;
  readonly peakMemoryMb: number;
}

/** How old what alerts all the same may be: what is older is no news to anybody. */
const ALERT_HOURS_MAX = 72;
const KB_PER_MB = 1024;

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
    const importer = new Importer({ store, dossier, now, alertHours: flags.alertHours ?? null });
    const feeds = await CapturedFeeds.read(store, dossier);
    const how = { http: working.http, allowPrivate: flags.allowPrivate === true, feeds, now };
    const importing = { store, importer, how, anew: flags.anew === true, output };
    const { places, ...read } = await importSources(importing, sources);
    const progress = new Progress(output, 'tagged, items');
    // Tags in the log are the aim; a job that a killed process left behind is not worth waiting for.
    await settle(working, working.names, { waitFor: [] }, (left) => {
      progress.update(Math.max(0, read.items - left.untagged), read.items);
    });
    progress.finish(read.items);
    for (const place of places) await place.forget();
    return { ...read, ...importer.counts };
  });
  const seconds = (performance.now() - started) / 1000;
  return {
    ...counts,
    seconds: Math.round(seconds * 100) / 100,
    itemsPerSecond: Math.round(counts.items / seconds),
    peakMemoryMb: Math.round(process.resourceUsage().maxRSS / KB_PER_MB),
  };
}

/** What of the sources was not as it should be. */
function oddities({ mended, leftOut, undated }: Summary): string {
  const told = [
    mended === 0 ? [] : [`${counted(mended, 'record')} mended`],
    leftOut === 0 ? [] : [`${counted(leftOut, 'item')} left out`],
    undated === 0 ? [] : [`${counted(undated, 'date')} unreadable`],
  ].flat();
  return told.length === 0 ? '' : `; ${told.join(', ')}`;
}

function summaryText(summary: Summary, alertHours: number | null): string {
  const { items, ingested, revised, unchanged, seconds, itemsPerSecond, peakMemoryMb } = summary;
  const sent =
    alertHours === null
      ? 'nothing sent (imports are backfill)'
      : `what was published in the last ${alertHours} h alerts with "up", the rest is backfill`;
  return (
    `${counted(items, 'item')}: ${ingested} new, ${revised} revised, ${unchanged} known already${oddities(summary)}\n` +
    `${seconds} s, ${itemsPerSecond} items/s, at most ${peakMemoryMb} MB; all tagged, ${sent}\n`
  );
}

/** `ingest`: feed files, URLs, folders, WARC files and JSONL archives through the whole pipeline. */
export function ingestCommand(program: Command, output: Output): void {
  program
    .command('ingest')
    .description(
      'import feed files, feed URLs, folders, WARC files and JSONL archives; what is imported never alerts',
    )
    .argument(
      '<source...>',
      'feed files, URLs, folders of them, .warc, or .jsonl with {title, summary, url, date, source, lang} a line; all of it also as .gz',
    )
    .option('--anew', 'read files from their beginning that an import which did not end has begun')
    .option(
      '--alert-hours <n>',
      'let rules alert on what was published within so many hours (after an outage; default: nothing alerts)',
      count(1, ALERT_HOURS_MAX),
    )
    .option('--allow-private', 'fetch from addresses of this machine and network too')
    .option('--json', 'print a JSON summary')
    .addHelpText(
      'after',
      '\nExamples:\n  $ shuttlewatch ingest archive.jsonl crawl-2026-01.warc.gz\n  $ shuttlewatch ingest feeds/ https://example.org/rss',
    )
    .action(async (names: string[], flags: Flags) => {
      const sources = await listSources(names);
      const { alertHours = null } = flags;
      if (alertHours !== null) {
        output.err(
          `warning: items published in the last ${alertHours} h are taken as news; rules alert on them\n`,
        );
      }
      await withSession(async (session) => {
        const summary = await ingest(session, sources, flags, output);
        output.out(flags.json ? json(summary) : summaryText(summary, alertHours));
        const { bad, badLines, leftOut } = summary;
        if (bad > 0) {
          const what = bad === badLines ? counted(bad, 'line') : `${bad} of the inputs`;
          throw new Error(`${what} could not be read`);
        }
        if (leftOut > 0) throw new Error(`${counted(leftOut, 'item')} left out`);
      });
    });
}
