import type { Command } from 'commander';
import type { Position } from '../events/ids.ts';
import { InvalidMoment } from '../query/invalid-moment.ts';
import { knownAt } from '../query/known-at.ts';
import { asKnownAt, asPublishedBefore } from '../query/sql-filter.ts';
import type { SqlFilter } from '../query/sql-filter.ts';
import { stretchOf, TIME_FORMS } from '../query/time.ts';
import type { Clock } from '../query/time.ts';
import type { Db } from '../store/database.ts';
import { recordedAt } from '../store/position-at.ts';
import { zonedSecond } from './moment.ts';
import type { Output } from './output.ts';
import { settings } from './settings.ts';
import { UsageError } from './usage.ts';

export interface PastFlags {
  readonly knownAt?: string;
  readonly publishedBefore?: string;
}

/** As of when a question is answered. */
export interface Past {
  /** What came into the log later is not known; null for all of it. */
  readonly position: Position | null;
  /** What its source published from then on is left out; null for nothing. */
  readonly publishedBefore: Date | null;
  /** What `now` means. */
  readonly now: Date;
}

/** Adds the flag that asks about the past by the log's clock. */
export function knownAtOption(command: Command): Command {
  return command.option('--known-at <moment>', 'as the log knew it then: a time, or a position of the log');
}

/** Adds the two flags that ask about the past, by the log's clock and by the source's. */
export function pastOptions(command: Command): Command {
  return knownAtOption(command).option(
    '--published-before <time>',
    'only what its source published before then',
  );
}

/** The end of what `text` names by itself; null for a position, which names no time. */
function timeOf(text: string, context: Clock): Date | null {
  const stretch = /^\d+$/.test(text) ? null : stretchOf(text, context);
  return stretch === null ? null : new Date(Math.min(stretch.until.getTime() - 1, context.now.getTime()));
}

async function positionOf(db: Db, text: string, context: Clock): Promise<Position> {
  try {
    return await knownAt(db, text, context);
  } catch (error) {
    if (error instanceof InvalidMoment) throw new UsageError(`--known-at ${error.message}`);
    throw error;
  }
}

function beforeOf(text: string, context: Clock): Date {
  const stretch = stretchOf(text, context);
  if (stretch !== null) return stretch.since;
  throw new UsageError(`--published-before ${JSON.stringify(text)} names no time: write ${TIME_FORMS}`);
}

/** What the flags ask for; null when they ask for nothing. Throws UsageError. */
export async function pastOf(db: Db, flags: PastFlags, context: Clock): Promise<Past | null> {
  const { knownAt: known, publishedBefore: before } = flags;
  if (known === undefined && before === undefined) return null;
  const publishedBefore = before === undefined ? null : beforeOf(before, context);
  const position = known === undefined ? null : await positionOf(db, known, context);
  const then =
    known === undefined
      ? null
      : (timeOf(known, context) ?? (position === null ? null : await recordedAt(db, position)));
  const moments = [context.now, then, publishedBefore].filter((moment) => moment !== null);
  const now = new Date(Math.min(...moments.map((moment) => moment.getTime())));
  return { position, publishedBefore, now };
}

/** Of the items that `filter` asks for those of the past, as they were. */
export function asOf<Filter extends SqlFilter>(filter: Filter, { position, publishedBefore }: Past): Filter {
  const known = position === null ? filter : asKnownAt(filter, position);
  return publishedBefore === null ? known : asPublishedBefore(known, publishedBefore);
}

/** In words: `as known at position 812 (2026-01-13 23:59:59 Asia/Seoul)`. */
export function pastText({ position, publishedBefore, now }: Past, zone: string): string {
  const known = position === null ? [] : [`known at position ${position}`];
  const published =
    publishedBefore === null ? [] : [`published before ${zonedSecond(publishedBefore, zone)}`];
  return `as ${[...known, ...published].join(', ')}; now is ${zonedSecond(now, zone)}`;
}

/** What the flags ask for where no query is asked, said on stderr; null for the present. Throws UsageError. */
export async function pastAsked(db: Db, flags: PastFlags, output: Output): Promise<Past | null> {
  const zone = settings().SHUTTLEWATCH_ZONE;
  const past = await pastOf(db, flags, { now: new Date(), zone });
  if (past !== null) output.err(`${pastText(past, zone)}\n`);
  return past;
}
