import { createReadStream } from 'node:fs';
import { readDate } from './date.ts';
import { languageOf } from './language.ts';
import { LINE_BYTES_MAX, linesOf } from './lines.ts';
import type { Line } from './lines.ts';
import { normalizeItem } from './normalize.ts';
import type { FeedItem } from './normalize.ts';
import { SUMMARY_CHARS_MAX, TITLE_CHARS_MAX } from './parsed.ts';
import { plainText } from './text.ts';
import { absoluteUrl } from './url.ts';
import { zoneOffsetOf } from './zone.ts';

/** Of the field that holds the date. */
const DATE_CHARS_MAX = 200;

/** A line of an archive: an item, or what is wrong with it. */
export type ArchiveEntry =
  | {
      readonly kind: 'item';
      readonly item: FeedItem;
      /** Who published it, as the archive names it. */
      readonly source: string | null;
      /** Its date as it is written, where nobody can read that; null where it has none, or one that was read. */
      readonly unreadDate: string | null;
      readonly file: string;
      readonly line: number;
      /** Where the next line begins, in bytes of the unpacked file. */
      readonly end: number;
    }
  | {
      readonly kind: 'bad';
      readonly file: string;
      readonly line: number;
      readonly end: number;
      readonly reason: string;
      /** What reading the file failed with here. */
      readonly cause?: unknown;
    };

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(json: string): Fields | string {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
    return 'not a JSON object: expected one with title and summary';
  } catch (error) {
    return error instanceof Error ? `not JSON: ${error.message}` : 'not JSON';
  }
}

function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
}

// Archives scraped from pages carry the date among other words: `社説｜2026年1月5日(月) 08:00`.
const DATE_INSIDE = /\d{4}\s*[年.]\s*\d{1,2}\s*[月.]\s*\d{1,2}日?(?:\s*\([^)]{1,3}\))?(?:\s+\d{1,2}:\d{2})?/;

function dateOf(written: string, zone: number): string | null {
  return readDate(written, zone) ?? readDate(DATE_INSIDE.exec(written)?.[0] ?? '', zone);
}

const COUNTRY_OF: Readonly<Record<string, string>> = {
  ko: 'KR',
  ja: 'JP',
  zh: 'CN',
  'zh-Hans': 'CN',
  'zh-Hant': 'TW',
};

/**
 * The item of one archived object; null when there is nothing to read in it. The date is the source's; when
 * it was captured is not.
 */
function itemOf(fields: Fields, now: Date): FeedItem | null {
  const lang = text(fields, 'lang') || null;
  // An archive names no publisher's country; where its language is spoken in one zone, that is the one.
  const zone = zoneOffsetOf(COUNTRY_OF[languageOf(lang) ?? ''] ?? '');
  const parsed = {
    id: text(fields, 'guid') || text(fields, 'id') || null,
    // Relative ones stay null: an archive does not say what they were relative to.
    link: absoluteUrl(text(fields, 'url'), null),
    title: plainText(text(fields, 'title'), TITLE_CHARS_MAX),
    published: dateOf(text(fields, 'date').slice(0, DATE_CHARS_MAX), zone),
    summary: plainText(text(fields, 'summary'), SUMMARY_CHARS_MAX),
  };
  return normalizeItem(parsed, { lang }, now);
}

function entryOf(file: string, line: Line, now: Date): ArchiveEntry | null {
  const { end } = line;
  const bad = (reason: string): ArchiveEntry => ({ kind: 'bad', file, line: line.number, end, reason });
  if (line.text === null) return bad(`longer than ${LINE_BYTES_MAX} bytes`);
  if (line.text.trim() === '') return null;
  const fields = fieldsOf(line.text);
  if (typeof fields === 'string') return bad(fields);
  const item = itemOf(fields, now);
  if (item === null) return bad('neither a title nor a summary');
  const written = text(fields, 'date').slice(0, DATE_CHARS_MAX);
  const unreadDate = written !== '' && item.published === null ? written : null;
  const source = text(fields, 'source') || null;
  return { kind: 'item', item, source, unreadDate, file, line: line.number, end };
}

/** The file as it lies on disk, not packed. */
async function* plainBytes(file: string): AsyncGenerator<Buffer, void> {
  yield* createReadStream(file) as AsyncIterable<Buffer>;
}

/**
 * Reads an archive, one JSON object `{title, summary, url, date, source, lang}` a line, without holding more
 * than a line in memory. A line that cannot be read, or a file, comes as a value that names it; nothing is
 * thrown and the rest is read on.
 *
 * `chunks` are its unpacked bytes, where `file` is packed. `from` is the `end` of a line: those before it are passed over.
 */
export async function* readArchive(
  file: string,
  now: Date,
  chunks: AsyncIterable<Buffer> = plainBytes(file),
  from = 0,
): AsyncGenerator<ArchiveEntry, void> {
  let [line, end] = [0, 0];
  try {
    for await (const next of linesOf(chunks)) {
      [line, end] = [next.number, next.end];
      if (end <= from) continue;
      const entry = entryOf(file, next, now);
      if (entry !== null) yield entry;
    }
  } catch (error) {
    // Only what reading a file can fail with: a consumer's own error does not pass through here.
    const reason = error instanceof Error ? error.message : String(error);
    yield { kind: 'bad', file, line: line + 1, end, reason, cause: error };
  }
}
