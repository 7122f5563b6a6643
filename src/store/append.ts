import assert from 'node:assert/strict';
import { sql } from 'kysely';
import type { NewsEvent } from '../events/event.ts';
import { schemaVersionOf } from '../events/upcast.ts';
import { position } from '../events/ids.ts';
import type { Position, StreamId } from '../events/ids.ts';
import type { Db } from './database.ts';
import { appendError, InvalidEvent } from './errors.ts';
import { isStorable } from './storable.ts';

/** Commands in one call of the append function; longer lists are cut into several calls. */
export const APPEND_COMMANDS_MAX = 500;
/** Characters of one event's data as JSON. */
export const EVENT_CHARS_MAX = 262_144;

/** A run of events for one stream, decided on the stream as it was at `expected` (null: at any version). */
export interface Command {
  readonly stream: StreamId;
  readonly expected: number | null;
  readonly events: readonly NewsEvent[];
}

/**
 * - appended: the events are in the log now
 * - duplicate: they were there already; for the caller as good as appended
 * - conflict: the stream has moved on; read it again and decide again
 */
export type AppendStatus = 'appended' | 'duplicate' | 'conflict';

export interface AppendResult {
  readonly stream: StreamId;
  readonly status: AppendStatus;
  /** The stream's version afterwards. */
  readonly version: number;
  /** The stream's last position afterwards; null for a stream that holds nothing. */
  readonly position: Position | null;
}

interface Row {
  command: number;
  status: AppendStatus;
  version: number;
  last_position: number | null;
}

function encode(stream: StreamId, event: NewsEvent): string {
  const json = JSON.stringify(event.data);
  if (json.length > EVENT_CHARS_MAX) {
    throw new InvalidEvent(
      stream,
      `${event.type} has ${json.length} characters, more than ${EVENT_CHARS_MAX}`,
    );
  }
  if (!isStorable(json)) throw new InvalidEvent(stream, `${event.type} holds NUL or half a surrogate pair`);
  return json;
}

async function appendBatch(db: Db, commands: readonly Command[], now: Date): Promise<AppendResult[]> {
  const first: number[] = [];
  const count: number[] = [];
  const ids: string[] = [];
  const types: string[] = [];
  const versions: number[] = [];
  const decided: string[] = [];
  const data: string[] = [];
  for (const { stream, events } of commands) {
    assert(events.length > 0, `a command for ${stream} carries no event`);
    first.push(ids.length + 1);
    count.push(events.length);
    for (const event of events) {
      ids.push(event.id);
      types.push(event.type);
      versions.push(schemaVersionOf(event.type));
      decided.push(event.decidedAt.toISOString());
      data.push(encode(stream, event));
    }
  }
  const streams = commands.map((command) => command.stream);
  const expected = commands.map((command) => command.expected);
  const { rows } = await sql<Row>`
    select * from sw_log.append(
      ${streams}::text[], ${expected}::bigint[], ${first}::int[], ${count}::int[],
      ${ids}::uuid[], ${types}::text[], ${versions}::smallint[], ${decided}::timestamptz[], ${data}::jsonb[],
      ${now.toISOString()}::timestamptz)`
    .execute(db)
    .catch((error: unknown) => {
      throw appendError(error);
    });
  assert.equal(rows.length, commands.length);
  return rows.map((row, index) => ({
    stream: streams[index] as StreamId,
    status: row.status,
    version: row.version,
    position: row.last_position === null ? null : position(row.last_position),
  }));
}

/** Cuts commands into calls: no stream twice in one, at most APPEND_COMMANDS_MAX in one, order kept a stream. */
function* batches(commands: readonly Command[]): Generator<Command[]> {
  let batch: Command[] = [];
  let seen = new Set<StreamId>();
  for (const command of commands) {
    if (batch.length === APPEND_COMMANDS_MAX || seen.has(command.stream)) {
      yield batch;
      batch = [];
      seen = new Set();
    }
    batch.push(command);
    seen.add(command.stream);
  }
  if (batch.length > 0) yield batch;
}

/**
 * Appends `commands` and says of each, in order, what became of it. `now` is the recorder's clock; the log keeps
 * it from running back. At most APPEND_COMMANDS_MAX commands go in one transaction, so a crash between two of
 * them leaves a prefix: append again, what is there already answers `duplicate`.
 *
 * Throws InvalidEvent before anything is written when an event cannot be stored, and MissingPartition when no partition has
 * been made ahead.
 */
export async function append(db: Db, commands: readonly Command[], now: Date): Promise<AppendResult[]> {
  const results: AppendResult[] = [];
  for (const batch of batches(commands)) results.push(...(await appendBatch(db, batch, now)));
  return results;
}
