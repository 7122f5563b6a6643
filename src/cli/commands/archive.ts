import type { Command } from 'commander';
import { position } from '../../events/ids.ts';
import type { Position } from '../../events/ids.ts';
import { MOMENT_FORMS } from '../../query/known-at.ts';
import { positionBefore } from '../../query/pulse.ts';
import { stretchOf } from '../../query/time.ts';
import { archive } from '../../store/archive.ts';
import type { Archiving, ArchiveStage, StaysFor } from '../../store/archive.ts';
import type { Partition } from '../../store/partitions.ts';
import { head } from '../../store/read.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { settings } from '../settings.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly before: string;
  readonly to: string;
  readonly json?: true;
}

type Before = { readonly position: number } | { readonly time: Date };

/** What --before names; throws UsageError where that is nothing. */
function beforeOf(text: string, now: Date, zone: string): Before {
  if (/^\d+$/.test(text) && Number(text) >= 1 && Number.isSafeInteger(Number(text)))
    return { position: Number(text) };
  const stretch = stretchOf(text, { now, zone });
  if (stretch === null)
    throw new UsageError(`--before ${JSON.stringify(text)} names no moment: expected ${MOMENT_FORMS}`);
  return { time: stretch.since };
}

async function untilOf({ store: { db } }: Session, before: Before): Promise<Position> {
  if ('time' in before) return await positionBefore(db, before.time);
  const end = await head(db);
  if (before.position > end + 1)
    throw new UsageError(`--before ${before.position}: the log ends at position ${end}`);
  return position(before.position - 1);
}

function stayText(why: StaysFor): string {
  switch (why.kind) {
    case 'reaches beyond':
      return 'it reaches beyond --before';
    case 'holds the end':
      return 'it holds the end of the log, or lies behind it';
    case 'not yet followed':
      return `${why.consumer} has only got to position ${why.position} ("shuttlewatch consumers")`;
  }
}

const rangeText = ({ from, to }: Pick<Partition, 'from' | 'to'>): string => `positions ${from} to ${to}`;

function summary({ archived, stays }: Archiving): string {
  return [
    ...archived.map(
      ({ file, fileWasThere, ...partition }) =>
        `${rangeText(partition)} are archived, and in ${file}${fileWasThere ? ', which was there' : ''}`,
    ),
    `${rangeText(stays)} stay in the log: ${stayText(stays.why)}`,
    '',
  ].join('\n');
}

/** One line for each thing done to each partition. */
class ArchiveProgress {
  readonly #output: Output;
  #progress: Progress | null = null;
  #of = '';
  #done = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  update(partition: Partition, stage: ArchiveStage, done: number): void {
    const of = `${stage}, events of ${partition.name}`;
    if (of !== this.#of) {
      this.finish();
      this.#progress = new Progress(this.#output, of);
    }
    this.#of = of;
    this.#done = done;
    this.#progress?.update(done, partition.to - partition.from + 1);
  }

  finish(): void {
    this.#progress?.finish(this.#done);
    this.#progress = null;
    this.#of = '';
  }
}

async function archiveLog(flags: Flags, output: Output): Promise<void> {
  const zone = settings().SHUTTLEWATCH_ZONE;
  const before = beforeOf(flags.before, new Date(), zone);
  await withSession(async (session) => {
    const progress = new ArchiveProgress(output);
    const done = await archive(session.store, {
      until: await untilOf(session, before),
      folder: flags.to,
      now: session.now,
      onProgress: (...state) => {
        progress.update(...state);
      },
    });
    progress.finish();
    output.out(flags.json ? json(done) : summary(done));
  });
}

/** `archive`: old partitions out of the log, into files and into an archive beside it. */
export function archiveCommand(program: Command, output: Output): void {
  program
    .command('archive')
    .description('seal, export and set apart old partitions of the log; they are read as before')
    .requiredOption('--before <moment>', 'only partitions that end before this position or time')
    .requiredOption('--to <folder>', 'where their files go, one a partition; made where it is missing')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Takes whole partitions only, the oldest first, of which every consumer has seen the end.
Each is written to a file as "export" does, read back under the same seals, and then
moved to the schema sw_archive. Run as the owner of the log. Called again it goes on.

Example:
  $ shuttlewatch archive --before 2026-01-01 --to /somewhere/else`,
    )
    .action((flags: Flags) => archiveLog(flags, output));
}
