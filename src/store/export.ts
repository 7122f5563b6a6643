import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import type { Db } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';
import { holeAt } from './hole.ts';
import { readIdentity } from './identity.ts';
import { encodeLine, LOG_FORMAT } from './log-line.ts';
import type { ContentLine, EventLine, LogLine, SealLine } from './log-line.ts';
import { lastSeal } from './seals.ts';

/** Events read at a time: what an export holds in memory, with their words. */
export const EXPORT_EVENTS_MAX = 500;
/** Hashes of words written lately, of which words that come in again are not written again. */
export const EXPORT_HASHES_MAX = 50_000;

/** Positions to export, both included; `to` before `from` is none. */
export interface ExportRange {
  readonly from: Position;
  readonly to: Position;
}

export interface ExportChunk {
  /** Whole lines. */
  readonly text: string;
  /** The position they go up to. */
  readonly until: Position;
}

interface Row {
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly decidedAt: string;
  readonly recordedAt: string;
  readonly data: string;
  /** The words that it brings in. */
  readonly content: string | null;
}

/** RFC 3339 in UTC, with the microseconds that a Date would lose; no setting of the session has a say. */
const rfc3339 = (column: string) =>
  sql<string>`to_char(${sql.ref(column)} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** The rows after `from`, at most EXPORT_EVENTS_MAX; throws LogHole or ArchivedAway when one is missing. */
async function readRows(db: Db, from: number, to: Position): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    select position, stream_id as stream, version, event_id as id, type, schema_version as "schemaVersion",
           ${rfc3339('decided_at')} as "decidedAt", ${rfc3339('recorded_at')} as "recordedAt", data::text as data,
           case when type in ('ItemIngested', 'ItemRevised') then data->>'content'
                when type = 'ItemTextFetched' then data->>'text'
                when type = 'FeedFailed' then data->'failure'->>'evidence'
                when type = 'FeedListed' then data->>'list' end as content
      from ${EVERY_EVENT} e where position > ${from} and position <= ${to}
     order by position limit ${EXPORT_EVENTS_MAX}`.execute(db);
  const odd = rows.findIndex((row, index) => row.position !== from + 1 + index);
  const found = rows[odd];
  if (found !== undefined) throw await holeAt(db, from + 1 + odd, position(found.position));
  if (rows.length === 0) throw await holeAt(db, from + 1, null);
  return rows;
}

/** The words under `hashes`, without those that were taken down. */
async function readContents(db: Db, hashes: readonly string[]): Promise<Map<string, ContentLine>> {
  if (hashes.length === 0) return new Map();
  const { rows } = await sql<Omit<ContentLine, 'kind'>>`
    select hash, kind as "contentKind", body::text as body
      from sw_log.content c where hash = any(${hashes}::text[])
       and not exists (select from sw_work.taken_down t where t.hash = c.hash)`.execute(db);
  return new Map(rows.map((row) => [row.hash, { kind: 'content', ...row }]));
}

/**
 * The seals numbered up to `last` that end behind `after` and up to `until`, in order. The first may begin in front of the range: whoever imports
 * this part has the events there already, and the next seal would follow on nothing without it.
 */
async function readSealLines(db: Db, last: number, after: number, until: number): Promise<SealLine[]> {
  const { rows } = await sql<Omit<SealLine, 'kind'>>`
    select seal, from_position as "from", to_position as "to",
           (extract(epoch from recorded_to) * 1000000)::bigint as "recordedToUs",
           encode(root, 'hex') as root, encode(prev, 'hex') as prev, encode(hash, 'hex') as hash
      from sw_log.seals where seal <= ${last} and to_position > ${after} and to_position <= ${until}
     order by seal`.execute(db);
  return rows.map((row) => ({ kind: 'seal', ...row }));
}

/** Which words were written lately, so that copies do not bring them again. */
class Lately {
  readonly #hashes = new Set<string>();

  /** Those of `hashes` that were not; they are from now on. */
  take(hashes: readonly string[]): string[] {
    const fresh = [...new Set(hashes)].filter((hash) => !this.#hashes.has(hash));
    for (const hash of fresh) this.#hashes.add(hash);
    for (const oldest of this.#hashes) {
      if (this.#hashes.size <= EXPORT_HASHES_MAX) break;
      this.#hashes.delete(oldest);
    }
    return fresh;
  }
}

/** Each event behind the words that it is the first to bring in, and each seal behind the last event it covers. */
function* linesOf(
  rows: readonly Row[],
  contents: Map<string, ContentLine>,
  seals: readonly SealLine[],
): Generator<LogLine> {
  const sealsByEnd = new Map(seals.map((seal) => [seal.to, seal]));
  for (const { content, ...row } of rows) {
    const words = content === null ? undefined : contents.get(content);
    if (words !== undefined && contents.delete(words.hash)) yield words;
    yield { kind: 'event', ...row } satisfies EventLine;
    const seal = sealsByEnd.get(row.position);
    if (seal !== undefined) yield seal;
  }
}

/**
 * The events from `from` to `to` as an exported log (docs/log-format.md), with the words that they bring in and the seals
 * that end with one of them, a few hundred at a time. What is exported again comes out the same to the byte, from a copy too,
 * unless words were taken down meanwhile. Seals that are made meanwhile stay out: where another part is to go on behind `to`,
 * all up to `to` has to be under seals by now (sealAll).
 *
 * Throws LogHole when a position is missing, ArchivedAway when it is with its partition.
 */
export async function* exportRange(db: Db, range: ExportRange): AsyncGenerator<ExportChunk> {
  const { from, to } = range;
  const { source } = await readIdentity(db);
  // What is sealed from now on stays out: its first seals may end with events that were read before they were made.
  const last = (await lastSeal(db))?.seal ?? 0;
  const sha256 = createHash('sha256');
  const counts = { events: 0, contents: 0, seals: 0 };
  const lately = new Lately();
  const write = (lines: Iterable<LogLine>): string => {
    let text = '';
    for (const line of lines) {
      if (line.kind === 'event') counts.events += 1;
      else if (line.kind === 'content') counts.contents += 1;
      else if (line.kind === 'seal') counts.seals += 1;
      text += `${encodeLine(source, line)}\n`;
    }
    sha256.update(text);
    return text;
  };
  yield { text: write([{ kind: 'begin', format: LOG_FORMAT, from, to }]), until: position(from - 1) };
  let until = position(from - 1);
  let lastEvent: string | null = null;
  while (until < to) {
    const rows = await readRows(db, until, to);
    const brought = rows.flatMap(({ content }) => (content === null ? [] : [content]));
    const contents = await readContents(db, lately.take(brought));
    const seals = await readSealLines(db, last, until, until + rows.length);
    until = position(until + rows.length);
    lastEvent = rows.at(-1)?.id ?? lastEvent;
    yield { text: write(linesOf(rows, contents, seals)), until };
  }
  const end = { kind: 'end' as const, to, ...counts, lastEvent, sha256: sha256.digest('hex') };
  yield { text: `${encodeLine(source, end)}\n`, until };
}

/** All that is in the database, archived or not: from its first position, which is not 1 once archived partitions were dropped. */
export async function wholeLog(db: Db): Promise<ExportRange> {
  const { rows } = await sql<{ first: number | null; last: number | null }>`
    select coalesce((select position from sw_archive.events order by position limit 1),
                    (select position from sw_log.events order by position limit 1)) as first,
           (select position from sw_log.events order by position desc limit 1) as last`.execute(db);
  const { first = null, last = null } = rows[0] ?? {};
  return { from: position(first ?? 1), to: position(last ?? 0) };
}
