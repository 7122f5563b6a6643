import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from '../store/database.ts';
import { positionAt } from '../store/position-at.ts';
import { head } from '../store/read.ts';
import { InvalidMoment } from './invalid-moment.ts';
import { stretchOf, TIME_FORMS } from './time.ts';
import type { Clock } from './time.ts';

/** How a moment of the log is written, for messages and help. */
export const MOMENT_FORMS = `a position of the log (1200), or a time: ${TIME_FORMS}`;

const DIGITS = /^\d+$/;

async function positionNamed(db: Db | Tx, text: string): Promise<Position> {
  const last = await head(db);
  if (Number(text) > last)
    throw new InvalidMoment(
      text,
      `is beyond the head: the log ends at position ${last} (digits alone are a position: a year needs its month)`,
    );
  return position(Number(text));
}

/**
 * How far the log went at the moment `text` names: a position (digits alone, so a year needs its month), or a time as the
 * query language writes it. A stretch of time counts as a whole, as in `recorded:<=2026-01-13`: as known at a day is as
 * known when it was over. 0 for a moment before the first event.
 *
 * Throws InvalidMoment for what names neither, a time that is still to come, a position beyond the head, and a time of
 * which the events were archived and are no longer in the database.
 */
export async function knownAt(db: Db | Tx, text: string, asked: Clock): Promise<Position> {
  if (DIGITS.test(text)) return await positionNamed(db, text);
  const stretch = stretchOf(text, asked);
  if (stretch === null) throw new InvalidMoment(text, `names no moment: expected ${MOMENT_FORMS}`);
  if (stretch.since.getTime() > asked.now.getTime())
    throw new InvalidMoment(text, 'is in the future: nothing is known at it yet');
  const at = await positionAt(db, new Date(stretch.until.getTime() - 1));
  if (at !== null) return at;
  throw new InvalidMoment(
    text,
    'is before what is left of the log: its beginning was archived and is no longer in the database, name a position instead',
  );
}
