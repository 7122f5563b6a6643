import { join } from 'node:path';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { Db } from './database.ts';
import { rangeDigests } from './digest.ts';
import { ArchiveRefused } from './errors.ts';
import { readIdentity } from './identity.ts';
import { readLogFile } from './log-file.ts';
import type { EventLine, SealLine } from './log-line.ts';
import type { Partition } from './partitions.ts';
import { InvalidLogFile } from './read-line.ts';
import { readLog } from './read-log.ts';
import type { LogBatch, Numbered } from './read-log.ts';
import { readSeals } from './seals.ts';

/** Where a partition is exported to: one file, whose name says what is in it. */
export function archiveFile(folder: string, { from, to }: Pick<Partition, 'from' | 'to'>): string {
  return join(folder, `events-${from}-${to}.jsonl.gz`);
}

/** Events as they stand in a file, as rows that a digest can be taken of. */
function rowsOf(events: readonly EventLine[]): RawBuilder<unknown> {
  return sql`(select * from unnest(
    ${events.map(({ position }) => position)}::bigint[], ${events.map(({ stream }) => stream)}::text[],
    ${events.map(({ version }) => version)}::bigint[], ${events.map(({ id }) => id)}::uuid[],
    ${events.map(({ type }) => type)}::text[], ${events.map(({ schemaVersion }) => schemaVersion)}::smallint[],
    ${events.map(({ decidedAt }) => decidedAt)}::timestamptz[],
    ${events.map(({ recordedAt }) => recordedAt)}::timestamptz[], ${events.map(({ data }) => data)}::jsonb[])
    as t (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data))`;
}

/** The events of a file that none of its seals has covered yet, and how far they have. */
class Unsealed {
  readonly #db: Db;
  readonly #from: number;
  #events: EventLine[] = [];
  #sealedTo: number;

  constructor(db: Db, from: number) {
    this.#db = db;
    this.#from = from;
    this.#sealedTo = from - 1;
  }

  get sealedTo(): number {
    return this.#sealedTo;
  }

  /** Derives `seals` from the events so far. Throws InvalidLogFile where one is not over them, or not that of this log. */
  async cover(seals: readonly Numbered<SealLine>[]): Promise<void> {
    const [first] = seals;
    const last = seals.at(-1);
    if (first === undefined || last === undefined) return;
    if (this.#sealedTo < this.#from && first.line.from !== this.#from)
      throw new InvalidLogFile(first.number, `seals from position ${first.line.from}, not ${this.#from}`);
    const { rows } = await rangeDigests(
      seals.map(({ line }) => line.from),
      seals.map(({ line }) => line.to),
      rowsOf(this.#events),
    ).execute(this.#db);
    const here = await readSeals(this.#db, first.line.seal - 1, seals.length);
    seals.forEach(({ number, line }, index) => {
      if (here[index]?.hash.toString('hex') !== line.hash)
        throw new InvalidLogFile(number, `is another seal than the ${line.seal}th of this log`);
      if (rows[index]?.root?.equals(here[index].root) !== true)
        throw new InvalidLogFile(
          number,
          `seals other events than positions ${line.from} to ${line.to} of this file`,
        );
    });
    this.#sealedTo = last.line.to;
    this.#events = this.#events.filter(({ position }) => position > this.#sealedTo);
  }

  add(events: LogBatch['events']): void {
    this.#events.push(...events.map(({ line }) => line));
  }
}

/** Hears of how many events of a partition something was done. */
export type OnEvents = (done: number) => void;

async function check(db: Db, file: string, { from, to }: Partition, onEvents: OnEvents): Promise<void> {
  const { source } = await readIdentity(db);
  const unsealed = new Unsealed(db, from);
  let done = 0;
  for await (const batch of readLog(readLogFile(file))) {
    if (batch.source !== source) throw new InvalidLogFile(1, `is of another log, ${batch.source}`);
    if (batch.from !== from || batch.to !== to)
      throw new InvalidLogFile(1, `announces positions ${batch.from} to ${batch.to}, not ${from} to ${to}`);
    unsealed.add(batch.events);
    await unsealed.cover(batch.seals);
    done += batch.events.length;
    onEvents(done);
  }
  if (unsealed.sealedTo !== to)
    throw new ArchiveRefused(`${file} has seals up to position ${unsealed.sealedTo} only, not ${to}`);
}

/**
 * Reads the file of a partition back and derives its seals from what stands in it: the same events under the same seals as in
 * this log, all of them and nothing else. Changes nothing, and holds a thousand events or two at a time.
 *
 * Throws ArchiveRefused, naming file and line, where it is not so.
 */
export async function checkArchiveFile(
  db: Db,
  file: string,
  partition: Partition,
  onEvents: OnEvents,
): Promise<void> {
  try {
    await check(db, file, partition, onEvents);
  } catch (error) {
    if (!(error instanceof InvalidLogFile)) throw error;
    throw new ArchiveRefused(
      `${file}: ${error.message}; the partition stays where it is. Move the file away to have it written again; if it ` +
        'comes out the same, "shuttlewatch verify" says what in the log was altered',
      { cause: error },
    );
  }
}
