import assert from 'node:assert/strict';
import { CompiledQuery } from 'kysely';
import type { NewsEvent } from '../events/event.ts';
import { schemaVersionOf } from '../events/upcast.ts';
import { position } from '../events/ids.ts';
import type { Position, StreamId } from '../events/ids.ts';
import type { Tx } from './database.ts';
import { appendError, CommandTooLarge, InvalidEvent } from './errors.ts';
import {
  bigintArray,
  intArray,
  jsonbArray,
  smallintArray,
  textArray,
  timestamptzArray,
  uuidArray,
} from './binary-array.ts';
import { isStorable } from './storable.ts';

/** Commands in one call of the append function. */
export const APPEND_COMMANDS_MAX = 500;
/** Events in one call, so at most that many in one command. */
export const APPEND_EVENTS_MAX = 5_000;
/** Characters of JSON in one call, so at most that many in one command. */
export const APPEND_CHARS_MAX = 16_777_216;
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

/** A command and the JSON of its events, as they go to Postgres. */
export interface EncodedCommand extends Command {
  readonly data: readonly string[];
  /** Characters in `data`. */
  readonly chars: number;
}

/** In the place of a command's number: each command began its stream with one event, and `last_position` is that of the first. */
const BEGAN_ALL = 0;

interface Row {
  /** From 1. */
  command: number;
  status: AppendStatus;
  version: number;
  last_position: number | null;
}

function encodeEvent(stream: StreamId, event: NewsEvent): string {
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

/** Both are there where this file put them. */
function isEncoded(command: Command): command is EncodedCommand {
  return 'data' in command && 'chars' in command;
}

/**
 * Throws InvalidEvent when an event cannot be stored, CommandTooLarge when one call could not carry the command. One that is encoded
 * already is given back: who asks before appending, so that what cannot be stored harms nobody else, does not pay for it twice.
 */
export function encode(command: Command): EncodedCommand {
  if (isEncoded(command)) return command;
  const { stream, expected, events } = command;
  assert(events.length > 0, `a command for ${stream} carries no event`);
  if (events.length > APPEND_EVENTS_MAX) {
    throw new CommandTooLarge(stream, `${events.length} events, more than ${APPEND_EVENTS_MAX}`);
  }
  const data = events.map((event) => encodeEvent(stream, event));
  const chars = data.reduce((sum, json) => sum + json.length, 0);
  if (chars > APPEND_CHARS_MAX) {
    throw new CommandTooLarge(stream, `${chars} characters of events, more than ${APPEND_CHARS_MAX}`);
  }
  return { stream, expected, events, data, chars };
}

const CALL = `select * from sw_log.append(
  $1::text[], $2::bigint[], $3::int[], $4::int[],
  $5::uuid[], $6::text[], $7::smallint[], $8::timestamptz[], $9::jsonb[], $10::timestamptz, $11::boolean)`;

/** Runs one statement, with types of the pool. */
export type Run = (text: string, values: unknown[]) => Promise<{ readonly rows: unknown[] }>;

/**
 * Calls the append function once. No stream may be named twice, and the limits of one call are the caller's to keep.
 * `inTransaction` lets it run where its lock is not let go at once; see appendIn.
 */
export async function callAppend(
  run: Run,
  commands: readonly EncodedCommand[],
  now: Date,
  inTransaction: boolean,
): Promise<AppendResult[]> {
  const streams: StreamId[] = [];
  const expected: (number | null)[] = [];
  const first: number[] = [];
  const count: number[] = [];
  const ids: string[] = [];
  const types: string[] = [];
  const versions: number[] = [];
  const decided: Date[] = [];
  const data: string[] = [];
  for (const command of commands) {
    streams.push(command.stream);
    expected.push(command.expected);
    first.push(ids.length + 1);
    count.push(command.events.length);
    for (const event of command.events) {
      ids.push(event.id);
      types.push(event.type);
      versions.push(schemaVersionOf(event.type));
      decided.push(event.decidedAt);
    }
    data.push(...command.data);
  }
  const perCommand = [textArray(streams), bigintArray(expected), intArray(first), intArray(count)];
  const perEvent = [
    uuidArray(ids),
    textArray(types),
    smallintArray(versions),
    timestamptzArray(decided),
    jsonbArray(data),
  ];
  const { rows } = await run(CALL, [...perCommand, ...perEvent, now.toISOString(), inTransaction]).catch(
    (error: unknown) => {
      throw appendError(error);
    },
  );
  return resultsOf(rows as Row[], streams);
}

/** What the rows of one call say about each of its streams. */
function resultsOf(rows: readonly Row[], streams: readonly StreamId[]): AppendResult[] {
  const [first] = rows;
  if (first?.command === BEGAN_ALL) {
    const from = first.last_position ?? Number.NaN;
    return streams.map((stream, at) => ({
      stream,
      status: 'appended',
      version: 1,
      position: position(from + at),
    }));
  }
  assert.equal(rows.length, streams.length);
  return rows.map((row, index) => ({
    stream: streams[index] as StreamId,
    status: row.status,
    version: row.version,
    position: row.last_position === null ? null : position(row.last_position),
  }));
}

/**
 * Appends `commands` as part of `tx`, for a process manager whose own writes and events must be kept or lost together.
 *
 * What it costs: the lock on positions is held from here until `tx` ends, and every append of every process waits for
 * that long. So append last and commit at once; a transaction that does more after this, or waits for anyone, stops the
 * whole log, and one that waits for rows which another such transaction holds is ended by Postgres as a deadlock. Nothing
 * is batched and nobody is woken: call `store.wakeup.appended()` after the commit, or followers look half a second later.
 *
 * Takes what one call carries, no stream twice, and throws CommandTooLarge for more; InvalidEvent and MissingPartition as `append` does. A
 * conflict is an answer, not an error: whoever wants all or nothing throws, and so rolls back.
 */
export async function appendIn(tx: Tx, commands: readonly Command[], now: Date): Promise<AppendResult[]> {
  const [first] = commands;
  if (first === undefined) return [];
  const encoded = commands.map(encode);
  const events = encoded.reduce((sum, command) => sum + command.events.length, 0);
  const chars = encoded.reduce((sum, command) => sum + command.chars, 0);
  if (commands.length > APPEND_COMMANDS_MAX || events > APPEND_EVENTS_MAX || chars > APPEND_CHARS_MAX) {
    throw new CommandTooLarge(
      first.stream,
      `${commands.length} commands with ${events} events of ${chars} characters are more than one call carries`,
    );
  }
  const run: Run = (text, values) => tx.executeQuery(CompiledQuery.raw(text, values));
  return await callAppend(run, encoded, now, true);
}
