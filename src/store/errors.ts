import type { Position, StreamId } from '../events/ids.ts';

/** An event that the log cannot hold as it stands; names the stream and the field. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';
  constructor(stream: StreamId, problem: string) {
    super(`${stream}: ${problem}`);
  }
}

/** More than one call of the append function may carry, and not to be cut, since it is to be kept or refused as a whole. */
export class CommandTooLarge extends Error {
  override readonly name = 'CommandTooLarge';
  constructor(stream: StreamId, problem: string) {
    super(`${stream}: ${problem}`);
  }
}

/** An append that came after `close`. */
export class StoreClosed extends Error {
  override readonly name = 'StoreClosed';
  constructor() {
    super('append refused: the store is closed');
  }
}

/**
 * The log holds a type or a version that this build does not know: a later one wrote it. `known` is the version up to
 * which this build reads the type, null where it does not know the type at all.
 */
export class UnknownEvent extends Error {
  override readonly name = 'UnknownEvent';
  readonly position: number;
  constructor(at: number, type: string, schemaVersion: number, known: number | null) {
    super(
      `position ${at} holds ${type} version ${schemaVersion}, and this build knows ${
        known === null ? 'no such event' : `${type} up to version ${known}`
      }: run the build that wrote it, or a later one; nothing is passed over`,
    );
    this.position = at;
  }
}

/** Positions are dense, so a hole means that events were lost or removed: nothing may be derived past it. */
export class LogHole extends Error {
  override readonly name = 'LogHole';
  /** The one that is missing. */
  readonly position: number;
  constructor(expected: number, found: Position | null) {
    super(`the log should hold position ${expected}, found ${found ?? 'nothing'}`);
    this.position = expected;
  }
}

/** An archived part of the log is not in the database any more: somebody has dropped it, or it has not been brought back. */
export class ArchivedAway extends Error {
  override readonly name = 'ArchivedAway';
  /** The first that is asked for and not there. */
  readonly position: number;
  constructor(at: number) {
    super(
      `position ${at} was archived, and its partition is no longer in the database: attach it to sw_archive.events again ` +
        '(docs/deploying.md), or import the exported files, the first one first, into an empty database',
    );
    this.position = at;
  }
}

/** The beginning of a stream is not in the database: what is left of it is nothing to decide on. */
export class StreamCut extends Error {
  override readonly name = 'StreamCut';
  constructor(stream: StreamId, version: number) {
    super(
      `${stream} begins at version ${version}: what was before has been dropped with its archived partition (docs/deploying.md), ` +
        'or is lost, which "shuttlewatch verify" tells',
    );
  }
}

/** A partition that may not be taken out of the log: its file or its seals are not what they should be. Nothing was moved. */
export class ArchiveRefused extends Error {
  override readonly name = 'ArchiveRefused';
}

/** An event that a consumer cannot handle, or that cannot be read; `cause` says why. */
export class UnhandledEvent extends Error {
  override readonly name = 'UnhandledEvent';
  override readonly cause: Error;
  /** Where the checkpoint stood; nothing that the consumer handles lies between it and `position`. */
  readonly from: Position;
  readonly position: Position;
  constructor(from: Position, at: Position, what: string, cause: Error) {
    super(`position ${at}${what}: ${cause.name}: ${cause.message}`, { cause });
    this.cause = cause;
    this.from = from;
    this.position = at;
  }
}

/** This process cannot do the work of a consumer, while another may: it leaves it to that, and no event is to blame. */
export class Unfit extends Error {
  override readonly name: string = 'Unfit';
}

/** The words that searches look into are cut in another way than this process cuts them. */
export class OtherWords extends Unfit {
  override readonly name = 'OtherWords';
  constructor(served: number) {
    super(
      `texts are cut into words of version ${served} here, and this process cuts them otherwise: start it anew with the build that made them`,
    );
  }
}

/** A checkpoint is not where its consumer took it: somebody else has moved it, and what was done on it is undone. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
  constructor(consumer: string, from: Position) {
    super(`checkpoint ${consumer} is no longer at ${from}`);
  }
}

/** Seals that were made are gone: what they covered must not be sealed anew as if nothing had been. */
export class SealsLost extends Error {
  override readonly name = 'SealsLost';
  constructor(sealedTo: number, wasSealedTo: Position) {
    super(
      `the log was sealed to position ${wasSealedTo}, and its seals now end at ${sealedTo}; see "shuttlewatch verify"`,
    );
  }
}

/** The log has no partition for the next position, and nothing was appended. It can be made at any time. */
export class MissingPartition extends Error {
  override readonly name = 'MissingPartition';
  constructor(cause: Error) {
    super(
      'the log has no partition for its next position: run "shuttlewatch migrate", or a process with the role follow, which make them ahead',
      { cause },
    );
  }
}

/** `error` of an append, as MissingPartition where that is what it means. Told by code and table: words are translated. */
export function appendError(error: unknown): unknown {
  const isMissing =
    error instanceof Error &&
    'code' in error &&
    error.code === '23514' &&
    'table' in error &&
    error.table === 'events';
  return isMissing ? new MissingPartition(error) : error;
}

/** Text kept beside the log is gone or was never written. */
export class MissingContent extends Error {
  override readonly name = 'MissingContent';
  constructor(hash: string) {
    super(`no content ${hash}`);
  }
}

/** Text that cannot be kept as it stands. */
export class InvalidContent extends Error {
  override readonly name = 'InvalidContent';
  constructor(hash: string) {
    super(`content ${hash} holds NUL or half a surrogate pair`);
  }
}

/**
 * SQLSTATEs after which the same statement may succeed: connection loss, shutdown, cancelling, deadlock,
 * serialization, resources used up, a server that is a standby just now, a transaction that stood still for too long.
 */
const PASSING = /^(08|57|40001|40P01|53|25006|25P03)/;
const PASSING_SOCKET = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
const PASSING_MESSAGE =
  /connection terminated|timeout exceeded when trying to connect|client has encountered a connection error/i;

/** What `error` has to say: of several addresses that were tried in turn the first, since all together have no words. */
export function reasonOf(error: Error): string {
  const [first] = error instanceof AggregateError ? (error.errors as unknown[]) : [];
  const told = first instanceof Error ? first : error;
  return told.message === '' ? told.name : told.message;
}

/** Something that the work needs is away for a while; the same may succeed later. */
export class Away extends Error {
  override readonly name = 'Away';
}

/** Whether `error` is the database (or what else is needed) being away for a while, rather than a fault in what was asked. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof Away || error instanceof MissingPartition) return true;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return PASSING.test(code) || PASSING_SOCKET.has(code) || PASSING_MESSAGE.test(error.message);
}
