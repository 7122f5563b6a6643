import { sql } from 'kysely';
import type { RawBuilder, Selectable } from 'kysely';
import type { EventType, Recorded } from '../events/event.ts';
import { position } from '../events/ids.ts';
import type { EventId, Position, StreamId } from '../events/ids.ts';
import { upcast, VERSIONS } from '../events/upcast.ts';
import type { Db, Tx } from './database.ts';
import { StreamCut, UnknownEvent } from './errors.ts';
import { EVERY_EVENT } from './every-event.ts';
import { holeAt } from './hole.ts';
import type { Tables } from './tables.ts';

/** Events handed over in one read of the log. */
export const READ_EVENTS_MAX = 1_000;

type Row = Selectable<Tables['sw_log.events']>;

/** What this build can read: types, and up to which version each. */
const TYPES = [...VERSIONS.keys()];
const VERSIONS_MAX = [...VERSIONS.values()];

type Kind = Pick<Row, 'position' | 'type' | 'schema_version'>;

function unknown({ position: at, type, schema_version: version }: Kind): UnknownEvent {
  return new UnknownEvent(at, type, version, VERSIONS.get(type) ?? null);
}

function decode(row: Row): Recorded {
  const data = upcast(row.type, row.schema_version, row.data);
  if (data === null) throw unknown(row);
  // The log's door (append) took only events of these types in the shape of their version.
  return {
    type: row.type,
    id: row.event_id as EventId,
    decidedAt: row.decided_at,
    data,
    position: position(row.position),
    stream: row.stream_id as StreamId,
    version: row.version,
    recordedAt: row.recorded_at,
  } as Recorded;
}

/** The last position in the log; 0 for an empty one. Never archived. */
export async function head(db: Db | Tx): Promise<Position> {
  const row = await db
    .selectFrom('sw_log.events')
    .select('position')
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return position(row?.position ?? 0);
}

/**
 * All events of each of `streams`, in order; only those of `types` where they are given. Streams that hold nothing are not
 * in the answer.
 *
 * Throws StreamCut when the first event of a stream is not there any more; where `types` are given that cannot be seen.
 */
export async function readStreams(
  db: Db | Tx,
  streams: readonly StreamId[],
  types: readonly EventType[] | null = null,
): Promise<Map<StreamId, Recorded[]>> {
  const { rows } = await sql<Row>`
    select * from sw_log.read_streams(${[...new Set(streams)]}::text[], ${types}::text[])`.execute(db);
  const found = new Map<StreamId, Recorded[]>();
  for (const row of rows) {
    const event = decode(row);
    const stream = found.get(event.stream);
    if (stream !== undefined) stream.push(event);
    else if (types === null && event.version !== 1) throw new StreamCut(event.stream, event.version);
    else found.set(event.stream, [event]);
  }
  return found;
}

/** The last event of each of `streams`; those that hold nothing are not in the answer. */
export async function readLast(db: Db | Tx, streams: readonly StreamId[]): Promise<Map<StreamId, Recorded>> {
  const { rows } = await sql<Row>`
    select * from sw_log.last_events(${[...new Set(streams)]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.stream_id as StreamId, decode(row)]));
}

/** The names of all streams that begin with `prefix`, in order. */
export async function streamsLike(db: Db | Tx, prefix: string): Promise<StreamId[]> {
  const rows = await db
    .selectFrom('sw_log.streams')
    .select('stream_id')
    .where('stream_id', '>=', prefix)
    .where('stream_id', '<', `${prefix}\uffff`)
    .orderBy('stream_id')
    .execute();
  return rows.map((row) => row.stream_id as StreamId);
}

/** All events of one stream, in order; empty when it holds nothing. */
export async function readStream(db: Db | Tx, stream: StreamId): Promise<Recorded[]> {
  return (await readStreams(db, [stream])).get(stream) ?? [];
}

export interface Slice {
  /** The events of the asked types, in order. */
  readonly events: readonly Recorded[];
  /** How far the log was looked through, whatever the types: the next checkpoint. */
  readonly until: Position;
}

interface SliceEnd {
  readonly looked: number;
  readonly last: number | null;
  /** Whether this build can read all of them, handed over or not. */
  readonly known: boolean | null;
}

/** Throws what is wrong with the positions after `from`: the first that is missing or that this build cannot read. */
async function refuse(db: Db | Tx, from: Position, limit: number): Promise<never> {
  const { rows } = await sql<Kind>`
    select position, type, schema_version
      from ${EVERY_EVENT} e where position > ${from} order by position limit ${limit}`.execute(db);
  let expected = from + 1;
  for (const row of rows) {
    if (row.position !== expected) throw await holeAt(db, expected, position(row.position));
    if (row.schema_version < 1 || row.schema_version > (VERSIONS.get(row.type) ?? 0)) throw unknown(row);
    expected += 1;
  }
  throw await holeAt(db, expected, null);
}

const LOG = sql`sw_log.events`;
const ARCHIVE = sql`sw_archive.events`;

/** The slice of `table` after `from` and up to `end`; null when a position is missing or this build cannot read one. */
async function sliceOf(
  db: Db | Tx,
  table: RawBuilder<unknown>,
  from: Position,
  end: number,
  types: readonly EventType[],
): Promise<Slice | null> {
  // Positions of other types are counted where they are: only what is asked for comes over. The slice is looked at twice, for its
  // kinds and for its rows: to copy it once, in order to look at the copy, costs more than the second look.
  const { rows } = await sql<SliceEnd & (Row | { readonly position: null })>`
    with kinds as (
      select type, schema_version, count(*) as n, max(position) as last
        from ${table} where position > ${from} and position <= ${end} group by type, schema_version
    ), ends as (
      select coalesce(sum(k.n), 0)::bigint as looked,
             coalesce(max(k.last), (select max(position) from ${table} where position > ${end})) as last,
             bool_and(k.schema_version >= 1 and k.schema_version <= coalesce(v.version, 0)) as known
        from kinds k left join unnest(${TYPES}::text[], ${VERSIONS_MAX}::int[]) as v (type, version) using (type)
    )
    select ends.*, e.*
      from ends
      left join ${table} e on e.position > ${from} and e.position <= ${end} and e.type = any(${types}::text[])
     order by e.position`.execute(db);
  const { looked, last, known } = rows[0] ?? { looked: 0, last: null, known: null };
  if (last === null) return { events: [], until: from };
  if (last !== from + looked || known !== true) return null;
  const events = rows.flatMap((row) => (row.position === null ? [] : [decode(row)]));
  return { events, until: position(last) };
}

/** The same of the archive, where `from` lies before its end. */
async function archivedSlice(
  db: Db | Tx,
  from: Position,
  end: number,
  types: readonly EventType[],
): Promise<Slice | null> {
  const { rows } = await sql<{ last: number | null }>`select max(position) as last from ${ARCHIVE}`.execute(
    db,
  );
  const last = rows[0]?.last ?? 0;
  return last > from ? await sliceOf(db, ARCHIVE, from, Math.min(end, last), types) : null;
}

/**
 * Reads on after `from`: at most READ_EVENTS_MAX positions, of which the events of `types` are handed over. Archived or not, they
 * are the same log; where the archive ends the slice does.
 *
 * Throws LogHole when a position is missing, ArchivedAway when it is with its archived partition, UnknownEvent when this build
 * cannot read one, of `types` or not: a later build may have to do something about it, and would never see it once the
 * checkpoint has passed.
 */
export async function readAfter(
  db: Db | Tx,
  from: Position,
  types: readonly EventType[],
  limit: number = READ_EVENTS_MAX,
): Promise<Slice> {
  const end = from + limit;
  // The log first, since whoever follows it reads its end; and what is missing there, because it was archived meanwhile too, is
  // in the archive then.
  const slice = await sliceOf(db, LOG, from, end, types);
  return slice ?? (await archivedSlice(db, from, end, types)) ?? (await refuse(db, from, limit));
}
