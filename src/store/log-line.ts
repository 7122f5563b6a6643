/**
 * The lines of an exported log, each a CloudEvent in JSON (docs/log-format.md). What the log keeps as jsonb passes through as
 * PostgreSQL writes it, and never through JSON.parse, which would round its numbers.
 */

/** An event as it is stored, whatever this build knows of its type. */
export interface EventLine {
  readonly kind: 'event';
  readonly position: number;
  readonly stream: string;
  readonly version: number;
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  /** RFC 3339 in UTC with six decimals, like every time here. */
  readonly decidedAt: string;
  readonly recordedAt: string;
  /** JSON. */
  readonly data: string;
}

/** Words, in front of the event that brings them in. */
export interface ContentLine {
  readonly kind: 'content';
  readonly hash: string;
  readonly contentKind: 'item' | 'page' | 'response';
  /** JSON. */
  readonly body: string;
}

/** A seal, behind the last event it covers. Its leaves follow from the events and are left out. */
export interface SealLine {
  readonly kind: 'seal';
  readonly seal: number;
  readonly from: number;
  readonly to: number;
  /** When the last event under it was recorded, in microseconds since 1970. */
  readonly recordedToUs: number;
  /** sha256 in hex, as the others. */
  readonly root: string;
  readonly prev: string;
  readonly hash: string;
}

/** The first line. */
export interface BeginLine {
  readonly kind: 'begin';
  readonly format: number;
  /** The first and the last position in the file; of an empty log 1 and 0. */
  readonly from: number;
  readonly to: number;
}

/** The last line: a file without it is cut off. */
export interface EndLine {
  readonly kind: 'end';
  readonly to: number;
  readonly events: number;
  readonly contents: number;
  readonly seals: number;
  /** The id of the last event; null where there is none. */
  readonly lastEvent: string | null;
  /** Of all bytes in front of this line. */
  readonly sha256: string;
}

export type LogLine = BeginLine | ContentLine | EventLine | SealLine | EndLine;

/** The version of the format, as the first line says it. */
export const LOG_FORMAT = 1;
/**
 * Bytes of a line: what the longest event (EVENT_CHARS_MAX) can become, as PostgreSQL writes numbers without exponents and
 * makes 309 digits of 1e308.
 */
export const LINE_BYTES_MAX = 16 * 1024 * 1024;
/** Events have their type behind this, the other lines behind FILE_TYPE. */
const EVENT_TYPE = 'shuttlewatch.';
const FILE_TYPE = 'shuttlewatch.log.';

interface Attributes {
  readonly type: string;
  readonly id: string;
  readonly more?: Readonly<Record<string, string | number>>;
}

function attributesOf(line: LogLine): Attributes {
  switch (line.kind) {
    case 'begin':
      return { type: `${FILE_TYPE}Begin`, id: `begin-${line.from}-${line.to}` };
    case 'content':
      return { type: `${FILE_TYPE}Content`, id: line.hash, more: { contentkind: line.contentKind } };
    case 'seal':
      return { type: `${FILE_TYPE}Seal`, id: `seal-${line.seal}` };
    case 'end':
      return { type: `${FILE_TYPE}End`, id: `end-${line.to}` };
    case 'event': {
      const { stream: subject, decidedAt: time, recordedAt: recordedtime, schemaVersion } = line;
      // Strings, as an Integer of CloudEvents has 32 bits.
      const position = line.position.toString();
      const streamversion = line.version.toString();
      const more = { subject, time, recordedtime, position, streamversion, schemaversion: schemaVersion };
      return { type: `${EVENT_TYPE}${line.type}`, id: line.id, more };
    }
  }
}

/** What the data of a line of the file itself holds, in this order. */
const MEMBERS = {
  begin: ['format', 'from', 'to'],
  seal: ['seal', 'from', 'to', 'recordedToUs', 'root', 'prev', 'hash'],
  end: ['to', 'events', 'contents', 'seals', 'lastEvent', 'sha256'],
};

function dataOf(line: LogLine): string {
  if (line.kind === 'event') return line.data;
  if (line.kind === 'content') return line.body;
  return JSON.stringify(line, MEMBERS[line.kind]);
}

/** `line` of the log that the URI `source` names, without a line end. */
export function encodeLine(source: string, line: LogLine): string {
  const { type, id, more } = attributesOf(line);
  const head = { specversion: '1.0', type, source, id, ...more, datacontenttype: 'application/json' };
  return `${JSON.stringify(head).slice(0, -1)}${DATA}${dataOf(line)}}`;
}

/** Where the attributes end. No string of theirs can hold it, since a quote in a string is escaped. */
export const DATA = ',"data":';
/** What encodeLine puts in front of the type's own name, for those who read lines back. */
export const TYPE_PREFIX = { event: EVENT_TYPE, file: FILE_TYPE } as const;
