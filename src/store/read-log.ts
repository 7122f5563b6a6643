import { createHash } from 'node:crypto';
import { EVENT_TYPES } from '../events/event.ts';
import type { EventType } from '../events/event.ts';
import { contentHashOf } from '../events/ids.ts';
import { schemaVersionOf } from '../events/upcast.ts';
import { readLines } from './log-file.ts';
import type { FileLine } from './log-file.ts';
import { LOG_FORMAT } from './log-line.ts';
import type { BeginLine, ContentLine, EndLine, EventLine, LogLine, SealLine } from './log-line.ts';
import { MissingTexts } from './missing-texts.ts';
import { decodeLine, InvalidLine, InvalidLogFile } from './read-line.ts';

/** Events and bytes of one batch: what an import holds in memory, and appends in one transaction. */
export const IMPORT_EVENTS_MAX = 1_000;
export const IMPORT_BYTES_MAX = 8 * 1024 * 1024;

/** A line and where it stands. */
export interface Numbered<Line extends LogLine> {
  readonly number: number;
  readonly line: Line;
}

/** Some lines of an exported log, in order. */
export interface LogBatch {
  /** Which log it is, as a URI. */
  readonly source: string;
  /** Of the whole file. */
  readonly from: number;
  readonly to: number;
  /** The words that the events of this batch bring in, each in front of its event. */
  readonly contents: readonly Numbered<ContentLine>[];
  readonly events: readonly Numbered<EventLine>[];
  /** Those that end with an event of this batch. */
  readonly seals: readonly Numbered<SealLine>[];
}

const KNOWN: ReadonlySet<string> = new Set(EVENT_TYPES);
/** A log is of one kind only: urn:uuid:… */
const SOURCE = /^urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function isKnown(type: string, schemaVersion: number): boolean {
  return KNOWN.has(type) && schemaVersion <= schemaVersionOf(type as EventType);
}

/** Whether the words are those that their hash names. */
function isTrue({ hash, contentKind, body }: ContentLine): boolean {
  const { title, summary, text } = JSON.parse(body) as Readonly<Record<string, unknown>>;
  const parts = { item: [title, summary], page: ['page', title, summary, text], response: [text] }[
    contentKind
  ];
  return parts.every((part): part is string => typeof part === 'string') && contentHashOf(...parts) === hash;
}

/** Holds each line against the ones in front of it; memory does not grow with the file. */
class LogCheck {
  readonly #sha256 = createHash('sha256');
  readonly #counts = { events: 0, contents: 0, seals: 0 };
  #begin: BeginLine | null = null;
  #source = '';
  #position = 0;
  #recordedAt = '';
  #lastEvent: string | null = null;
  #seal: SealLine | null = null;
  #last: LogLine['kind'] | null = null;
  readonly #missing = new MissingTexts();

  get begun(): { readonly source: string; readonly from: number; readonly to: number } | null {
    return this.#begin === null ? null : { source: this.#source, from: this.#begin.from, to: this.#begin.to };
  }

  get ended(): boolean {
    return this.#last === 'end';
  }

  /** Throws InvalidLine when the line has no business where it stands, InvalidLogFile when it shows where another one is missing. */
  take({ bytes, number }: FileLine): LogLine {
    if (this.ended) throw new InvalidLine('stands behind the last line');
    const { source, line } = decodeLine(textOf(bytes));
    if (line.kind === 'begin') this.#takeBegin(source, line);
    else if (this.#begin === null) throw new InvalidLine('is not the first line of an exported log');
    else if (source !== this.#source) throw new InvalidLine(`is of another log, ${source}`);
    if (line.kind === 'event') this.#takeEvent(line, number);
    else if (line.kind === 'content') this.#takeContent(line);
    else if (line.kind === 'seal') this.#takeSeal(line);
    else if (line.kind === 'end') this.#takeEnd(line);
    if (this.#last === 'content' && line.kind !== 'event')
      throw new InvalidLine('follows words that belong in front of an event');
    this.#sha256.update(bytes).update('\n');
    this.#last = line.kind;
    return line;
  }

  #takeBegin(source: string, line: BeginLine): void {
    if (this.#begin !== null) throw new InvalidLine('begins a second log');
    if (line.format !== LOG_FORMAT)
      throw new InvalidLine(`is of format ${line.format}; this build reads ${LOG_FORMAT}`);
    if (!SOURCE.test(source)) throw new InvalidLine('does not name a log in its source');
    this.#begin = line;
    this.#source = source;
    this.#position = line.from - 1;
  }

  #takeEvent(line: EventLine, number: number): void {
    const { position, recordedAt, type, schemaVersion, id } = line;
    const expected = this.#position + 1;
    if (position !== expected)
      throw new InvalidLine(`holds position ${position} where ${expected} should be`);
    if (position > (this.#begin?.to ?? 0)) throw new InvalidLine('goes on behind the announced end');
    // Of one form and length, so that text compares as time does.
    if (recordedAt < this.#recordedAt) throw new InvalidLine('was recorded before the event in front of it');
    if (!isKnown(type, schemaVersion))
      throw new InvalidLine(
        `holds ${type} version ${schemaVersion}, which this build does not know; import with the build that wrote it`,
      );
    this.#position = position;
    this.#recordedAt = recordedAt;
    this.#lastEvent = id;
    this.#missing.named(line, number);
    this.#counts.events += 1;
  }

  #takeContent(line: ContentLine): void {
    if (!isTrue(line)) throw new InvalidLine('holds other words than its hash says');
    this.#counts.contents += 1;
    this.#missing.came(line.hash);
  }

  #takeSeal(line: SealLine): void {
    const follows =
      this.#seal === null ||
      (line.seal === this.#seal.seal + 1 && line.from === this.#seal.to + 1 && line.prev === this.#seal.hash);
    if (!follows || line.to !== this.#position)
      throw new InvalidLine('is a seal that does not fit where it stands');
    this.#seal = line;
    this.#counts.seals += 1;
  }

  #takeEnd(line: EndLine): void {
    const { events, contents, seals } = this.#counts;
    const { first } = this.#missing;
    const lost = line.contents - contents;
    // The sum does not fit either then, but says nothing of where.
    if (lost > 0 && first !== null)
      throw new InvalidLogFile(
        first,
        `is the first whose words no line holds, and the last line counts ${lost} more such lines than there are`,
      );
    if (line.sha256 !== this.#sha256.copy().digest('hex'))
      throw new InvalidLine('names another sha256 than what stands in front of it has');
    const fits =
      this.#position === line.to &&
      this.#position === this.#begin?.to &&
      [line.events, line.contents, line.seals, line.lastEvent].join() ===
        [events, contents, seals, this.#lastEvent].join();
    if (!fits) throw new InvalidLine('does not sum up what stands in front of it');
  }
}

function textOf(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidLine('is not UTF-8');
    throw error;
  }
}

function checked(check: LogCheck, line: FileLine): LogLine {
  try {
    return check.take(line);
  } catch (error) {
    throw error instanceof InvalidLine ? new InvalidLogFile(line.number, error.message) : error;
  }
}

/** Lines until they are handed over. */
class Gathered {
  readonly #eventsMax: number;
  readonly contents: Numbered<ContentLine>[] = [];
  readonly events: Numbered<EventLine>[] = [];
  readonly seals: Numbered<SealLine>[] = [];
  #bytes = 0;
  #last: LogLine['kind'] | null = null;

  constructor(eventsMax: number) {
    this.#eventsMax = eventsMax;
  }

  add(number: number, line: LogLine, bytes: number): void {
    if (line.kind === 'event') this.events.push({ number, line });
    else if (line.kind === 'content') this.contents.push({ number, line });
    else if (line.kind === 'seal') this.seals.push({ number, line });
    this.#bytes += bytes;
    this.#last = line.kind;
  }

  batch(file: Pick<LogBatch, 'source' | 'from' | 'to'>): LogBatch {
    const { contents, events, seals } = this;
    return { ...file, contents, events, seals };
  }

  /** Whether it is enough, and a line of the kind `next` belongs to others: words go with their event, seals too. */
  isFullBefore(next: LogLine['kind']): boolean {
    const isEnough = this.events.length >= this.#eventsMax || this.#bytes >= IMPORT_BYTES_MAX;
    return isEnough && next !== 'seal' && this.#last !== 'content';
  }
}

/**
 * Reads an exported log, in batches and with bounded memory. What is handed over is in order, complete and of types that this
 * build knows, but the end of the file may still turn out to be missing or to sum up something else.
 *
 * Throws InvalidLogFile, naming the line, for a file that is not what export wrote: cut off, with a hole, swapped or
 * repeated lines, unknown types, or broken JSON. That its streams are whole and PostgreSQL takes it, importLog sees.
 */
export async function* readLog(
  bytes: AsyncIterable<Buffer>,
  eventsMax: number = IMPORT_EVENTS_MAX,
): AsyncGenerator<LogBatch> {
  const check = new LogCheck();
  let gathered = new Gathered(eventsMax);
  let number = 0;
  for await (const line of readLines(bytes)) {
    ({ number } = line);
    const read = checked(check, line);
    if (check.begun !== null && gathered.isFullBefore(read.kind)) {
      yield gathered.batch(check.begun);
      gathered = new Gathered(eventsMax);
    }
    gathered.add(number, read, line.bytes.length);
  }
  if (check.begun === null || !check.ended)
    throw new InvalidLogFile(number + 1, 'is missing: the file is cut off');
  yield gathered.batch(check.begun);
}
