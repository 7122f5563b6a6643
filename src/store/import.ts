import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';
import { noteImported, readIdentity } from './identity.ts';
import { appendError, MissingPartition } from './errors.ts';
import { importSeals } from './import-seals.ts';
import { noteImporting } from './importing.ts';
import type { ContentLine } from './log-line.ts';
import { makePartitionsAhead } from './partitions.ts';
import { head } from './read.ts';
import { InvalidLogFile } from './read-line.ts';
import type { LogBatch } from './read-log.ts';

/** This log cannot take a file over: it holds something else. */
export class ImportRefused extends Error {
  override readonly name = 'ImportRefused';
}

/** What a batch added to the log. */
export interface Imported {
  readonly from: Position;
  readonly to: Position;
  /** When the last of it was recorded. */
  readonly recordedTo: Date;
  /** The words that came with it. */
  readonly contents: readonly ContentLine[];
}

/** Words and JSON that PostgreSQL would not take: data exceptions, and lists too deep for its stack. */
const REFUSED_DATA = /^(?:22|54)/;

/** Keeps words, but for those that were taken down. */
async function putContents(tx: Tx, contents: readonly ContentLine[]): Promise<void> {
  if (contents.length === 0) return;
  // In one order everywhere, as putContent has it.
  const sorted = [...contents].sort((a, b) => (a.hash < b.hash ? -1 : 1));
  await sql`
    insert into sw_log.content (hash, kind, body)
    select * from unnest(${sorted.map(({ hash }) => hash)}::text[],
                         ${sorted.map(({ contentKind }) => contentKind)}::text[],
                         ${sorted.map(({ body }) => body)}::jsonb[]) as g (hash, kind, body)
     where not exists (select from sw_work.taken_down t where t.hash = g.hash)
    on conflict (hash) do nothing`.execute(tx);
}

interface Answer {
  readonly added: number;
  readonly refused: number | null;
  readonly reason: string | null;
}

async function putEvents(tx: Tx, { events }: LogBatch): Promise<Omit<Imported, 'contents'> | null> {
  const [first] = events;
  if (first === undefined) return null;
  const lines = events.map(({ line }) => line);
  const { rows } = await sql<Answer>`
    select * from sw_log.import_events(${first.line.position}::bigint,
      ${lines.map(({ stream }) => stream)}::text[], ${lines.map(({ version }) => version)}::bigint[],
      ${lines.map(({ id }) => id)}::uuid[], ${lines.map(({ type }) => type)}::text[],
      ${lines.map(({ schemaVersion }) => schemaVersion)}::smallint[],
      ${lines.map(({ decidedAt }) => decidedAt)}::timestamptz[],
      ${lines.map(({ recordedAt }) => recordedAt)}::timestamptz[],
      ${lines.map(({ data }) => data)}::jsonb[])`.execute(tx);
  const { added = 0, refused = null, reason = null } = rows[0] ?? {};
  if (refused !== null) {
    const at = events.find(({ line }) => line.position === refused)?.number ?? first.number;
    throw new InvalidLogFile(at, `(position ${refused}) ${reason ?? ''}`);
  }
  const last = lines.at(-1) ?? first.line;
  if (added === 0) return null;
  return {
    from: position(last.position - added + 1),
    to: position(last.position),
    recordedTo: new Date(last.recordedAt),
  };
}

/** Names the line that PostgreSQL does not take, of a batch of which it has refused one. */
async function blame(db: Db, { contents, events }: LogBatch, error: unknown): Promise<never> {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (!REFUSED_DATA.test(code)) throw error;
  const EPOCH = '1970-01-01';
  const suspects = [
    ...contents.map(({ number, line }) => ({ number, json: line.body, times: [EPOCH] })),
    ...events.map(({ number, line }) => ({
      number,
      json: line.data,
      times: [line.decidedAt, line.recordedAt],
    })),
  ].sort((a, b) => a.number - b.number);
  for (const { number, json, times } of suspects) {
    try {
      await sql`select ${json}::jsonb, ${times}::timestamptz[]`.execute(db);
    } catch (refusal) {
      if (!(refusal instanceof Error)) throw refusal;
      throw new InvalidLogFile(number, `cannot be stored: ${refusal.message}`);
    }
  }
  throw error;
}

/** A log is filled by one file, or by several that go on where the one before ended. */
async function claim(tx: Tx, { source }: LogBatch): Promise<void> {
  const identity = await readIdentity(tx);
  if (identity.source === source) return;
  const last = await head(tx);
  if (last > 0)
    throw new ImportRefused(
      `this log is not empty: it is ${identity.source}, with ${last} events, and the file is of ${source}`,
    );
  await noteImported(tx, source, identity.importedTo);
}

type Settle = (tx: Tx, imported: Imported) => Promise<void>;

async function take(tx: Tx, batch: LogBatch, settle: Settle, now: Date): Promise<Imported | null> {
  await claim(tx, batch);
  const added = await putEvents(tx, batch);
  const last = batch.events.at(-1)?.line.position ?? batch.to;
  await noteImporting(tx, batch.source, position(last), position(batch.to), now);
  // Also over events that were here before: they may have been sealed since.
  await importSeals(tx, batch.seals);
  if (added === null) return null;
  const known = batch.events.findLast(({ line }) => line.position < added.from)?.number ?? 0;
  const contents = batch.contents.filter(({ number }) => number > known).map(({ line }) => line);
  await putContents(tx, contents);
  await noteImported(tx, batch.source, added.to);
  await settle(tx, { ...added, contents });
  return { ...added, contents };
}

/**
 * Takes the batches of an exported log over into this one, to the same positions, ids, versions and times; each in a
 * transaction of its own, together with what `settle` does about the positions that are new. So an import that was cut off
 * is gone on with by importing the same file again: what the log holds already is compared and left as it is. Until then the
 * log is noted as unfinished (see refuseUnfinished).
 *
 * Throws ImportRefused when this is another log that is not empty, InvalidLogFile, naming the line, when an event is another
 * one than the log holds, does not follow in its stream, or cannot be stored. What came before that batch stays.
 */
export async function* importLog(
  db: Db,
  batches: AsyncIterable<LogBatch>,
  settle: Settle,
  now: () => Date,
): AsyncGenerator<LogBatch & { readonly imported: Imported | null }> {
  for await (const batch of batches) {
    const run = (): Promise<Imported | null> =>
      db.transaction().execute((tx) => take(tx, batch, settle, now()));
    const imported = await run()
      .catch(async (error: unknown) => {
        if (!(appendError(error) instanceof MissingPartition)) throw error;
        await makePartitionsAhead(db);
        return await run();
      })
      .catch((error: unknown) => blame(db, batch, error));
    yield { ...batch, imported };
  }
}
