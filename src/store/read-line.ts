import { DATA, encodeLine, TYPE_PREFIX } from './log-line.ts';
import type { BeginLine, ContentLine, EndLine, EventLine, LogLine, SealLine } from './log-line.ts';

/** Something that is no line of an exported log; the message goes on from "line 7". */
export class InvalidLine extends Error {
  override readonly name = 'InvalidLine';
}

/** A file that is no exported log, or not a whole one; names the line. */
export class InvalidLogFile extends Error {
  override readonly name = 'InvalidLogFile';
  constructor(line: number, why: string) {
    super(`line ${line} ${why}`);
  }
}

type Members = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SHA256 = /^[0-9a-f]{64}$/;
const TIME = /^[1-9]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
const DIGITS = /^\d{1,16}$/;
const TYPE = /^[A-Z][A-Za-z]{0,79}$/;
/** Printable ASCII, which streams are made of. */
const STREAM = /^[!-~]{1,200}$/;
const SCHEMA_VERSION_MAX = 32_767;

function matching(members: Members, name: string, form: RegExp): string {
  const value = members[name];
  if (typeof value === 'string' && form.test(value)) return value;
  throw new InvalidLine(`has no ${name} as it should be`);
}

function whole(value: unknown, name: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new InvalidLine(`has no ${name} as it should be`);
}

function wholeText(members: Members, name: string): number {
  return whole(Number(matching(members, name, DIGITS)), name, 1);
}

function parsed(json: string): Members {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    // Too deep for the parser is as unreadable as broken.
    if (error instanceof SyntaxError || error instanceof RangeError)
      throw new InvalidLine('is no JSON as export writes it');
    throw error;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw new InvalidLine('holds something else where an object should be');
}

function eventOf(head: Members, type: string, data: string): EventLine {
  return {
    kind: 'event',
    position: wholeText(head, 'position'),
    stream: matching(head, 'subject', STREAM),
    version: wholeText(head, 'streamversion'),
    id: matching(head, 'id', UUID),
    type,
    schemaVersion: whole(head['schemaversion'], 'schemaversion', 1, SCHEMA_VERSION_MAX),
    decidedAt: matching(head, 'time', TIME),
    recordedAt: matching(head, 'recordedtime', TIME),
    data,
  };
}

function contentOf(head: Members, body: string): ContentLine {
  const contentKind = matching(head, 'contentkind', /^(?:item|page|response)$/) as ContentLine['contentKind'];
  return { kind: 'content', hash: matching(head, 'id', SHA256), contentKind, body };
}

function sealOf(data: Members): SealLine {
  return {
    kind: 'seal',
    seal: whole(data['seal'], 'seal', 1),
    from: whole(data['from'], 'from', 1),
    to: whole(data['to'], 'to', 1),
    recordedToUs: whole(data['recordedToUs'], 'recordedToUs', 0),
    root: matching(data, 'root', SHA256),
    prev: matching(data, 'prev', SHA256),
    hash: matching(data, 'hash', SHA256),
  };
}

function beginOf(data: Members): BeginLine {
  const format = whole(data['format'], 'format', 1);
  return { kind: 'begin', format, from: whole(data['from'], 'from', 1), to: whole(data['to'], 'to', 0) };
}

function endOf(data: Members): EndLine {
  return {
    kind: 'end',
    to: whole(data['to'], 'to', 0),
    events: whole(data['events'], 'events', 0),
    contents: whole(data['contents'], 'contents', 0),
    seals: whole(data['seals'], 'seals', 0),
    lastEvent: data['lastEvent'] === null ? null : matching(data, 'lastEvent', UUID),
    sha256: matching(data, 'sha256', SHA256),
  };
}

/** The lines of the file itself, by their type. */
const FILE_LINES: Readonly<Record<string, (head: Members, data: Members, raw: string) => LogLine>> = {
  Begin: (_head, data) => beginOf(data),
  Content: (head, _data, raw) => contentOf(head, raw),
  Seal: (_head, data) => sealOf(data),
  End: (_head, data) => endOf(data),
};

/** The name behind `prefix`, or null. */
function nameAfter(prefix: string, type: string): string | null {
  return type.startsWith(prefix) ? type.slice(prefix.length) : null;
}

function lineOf(head: Members, raw: string): LogLine {
  const data = parsed(raw);
  const type = typeof head['type'] === 'string' ? head['type'] : '';
  const own = nameAfter(TYPE_PREFIX.file, type) ?? '';
  const read = Object.hasOwn(FILE_LINES, own) ? FILE_LINES[own] : undefined;
  if (read !== undefined) return read(head, data, raw);
  const name = nameAfter(TYPE_PREFIX.event, type) ?? '';
  if (TYPE.test(name)) return eventOf(head, name, raw);
  throw new InvalidLine('has a type that is none of a log');
}

/**
 * What a line says, and of which log (the URI in `source`). Only what encodeLine writes is taken, to the byte: an attribute
 * that is there twice, or in another place, is refused like one that is missing. The JSON of `data` may be written in any
 * way; whether PostgreSQL takes it shows when it is stored.
 *
 * Throws InvalidLine.
 */
export function decodeLine(text: string): { readonly source: string; readonly line: LogLine } {
  const end = text.indexOf(DATA);
  if (end === -1 || !text.endsWith('}')) throw new InvalidLine('is no line of an exported log');
  const head = parsed(`${text.slice(0, end)}}`);
  const line = lineOf(head, text.slice(end + DATA.length, -1));
  const source = typeof head['source'] === 'string' ? head['source'] : '';
  if (encodeLine(source, line) !== text) throw new InvalidLine('is not written as export writes it');
  return { source, line };
}
