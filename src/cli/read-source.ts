import { basename } from 'node:path';
import { bytesOf, lookAtFile } from '../ingest/archive-file.ts';
import type { ArchiveFile } from '../ingest/archive-file.ts';
import { readArchive } from '../ingest/archive.ts';
import type { ArchiveEntry } from '../ingest/archive.ts';
import { cut } from '../ingest/text.ts';
import { polledOf } from '../ingest/feed.ts';
import type { DocumentOutcome } from '../ingest/document.ts';
import { normalizeItem } from '../ingest/normalize.ts';
import type { FeedItem } from '../ingest/normalize.ts';
import { parseFeedApart, readDocumentApart } from '../ingest/apart.ts';
import { inParts } from '../ingest/in-parts.ts';
import { ARCHIVE_ITEMS_MAX, FEED_BYTES_MAX, FeedParseError } from '../ingest/parsed.ts';
import type { ParsedFeed } from '../ingest/parsed.ts';
import { readWarcFeeds } from '../ingest/warc-feeds.ts';
import type { CapturedFeed } from '../ingest/warc-feeds.ts';
import { BodyTooLarge, collect } from '../net/body.ts';
import type { HttpClient } from '../net/http.ts';
import type { CapturedFeeds } from '../workers/captured-feeds.ts';
import type { Captured } from '../workers/import-items.ts';
import { fileTrouble } from './files.ts';
import type { Source } from './sources.ts';
import { counted } from './words.ts';

/** What a source gives, in its order. `end` is where to go on behind it, in bytes of the unpacked file; null where it can only be read whole. */
export type SourceEntry = { readonly end: number | null } & (
  | { readonly kind: 'item'; readonly item: FeedItem; readonly source: string }
  /** A document without an address. */
  | {
      readonly kind: 'document';
      readonly items: readonly FeedItem[];
      readonly source: string;
      readonly capturedAt: Date;
    }
  | (Captured & { readonly kind: 'captured' })
  /** Something that is no feed, and need not be. */
  | { readonly kind: 'other' }
  | Remark
);

/** What is to be said of a source beside its items. */
export interface Remark {
  readonly kind: 'remark';
  readonly about: Trouble;
  /** File and line or byte, or URL. */
  readonly where: string;
  readonly reason: string;
  /** Inputs or items that it is about. */
  readonly count: number;
  /** Whether it is about a line of an archive, and not about all of an input. */
  readonly isLine?: boolean;
}

/** What could not be read, or was wrong and could be mended; items that were left out of a document, or have a date nobody can read. */
export type Trouble = 'bad' | 'mended' | 'leftOut' | 'undated';

const bad = (where: string, reason: string, end: number | null): Remark & { end: number | null } => ({
  kind: 'remark',
  about: 'bad',
  where,
  reason,
  count: 1,
  end,
});

function leftOut(where: string, count: number, why: string, end: number | null): SourceEntry {
  const reason = `its last ${counted(count, 'item')} left out: ${why}`;
  return { kind: 'remark', about: 'leftOut', where, reason, count, end };
}

const tooMany = (itemsMax: number): string => `it has more than ${itemsMax}`;

export interface ReadHow {
  readonly http: HttpClient;
  readonly allowPrivate: boolean;
  readonly feeds: CapturedFeeds;
  readonly now: () => Date;
  /** Items kept of one document; ARCHIVE_ITEMS_MAX unless given. */
  readonly itemsMax?: number;
  /** Told of bytes as they come from disk. */
  readonly onRead: (bytes: number) => void;
}

const HTTP_OK = 200;
/** Characters shown of a date that cannot be read. */
const DATE_CHARS_SHOWN = 40;

interface Where {
  /** Path or URL as it was given. */
  readonly where: string;
  /** What an untitled feed goes by. */
  readonly name: string;
  readonly url: string | null;
  readonly contentType: string | null;
}

async function* readFeedBytes(
  bytes: Uint8Array,
  from: Where,
  capturedAt: Date,
  { itemsMax = ARCHIVE_ITEMS_MAX }: ReadHow,
): AsyncGenerator<SourceEntry, void> {
  const { where, name, url, contentType } = from;
  const part = (itemsFrom: number): Promise<ParsedFeed> =>
    parseFeedApart(bytes, { url, contentType, itemsFrom });
  let left = 0;
  try {
    for await (const { title, language, items, behind } of inParts(part, (one) => one.behind, itemsMax)) {
      const read = items.flatMap((item) => normalizeItem(item, { lang: language }, capturedAt) ?? []);
      yield { kind: 'document', items: read, source: title || name, capturedAt, end: null };
      left = behind;
    }
    if (left > 0) yield leftOut(where, left, tooMany(itemsMax), null);
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    yield left > 0 ? leftOut(where, left, error.detail, null) : bad(where, error.detail, null);
  }
}

async function* readUrl(url: string, how: ReadHow): AsyncGenerator<SourceEntry, void> {
  const now = how.now();
  const polled = polledOf(await how.http.get(url, { allowPrivate: how.allowPrivate }), now);
  if (polled.kind === 'fresh') {
    const from = { where: url, name: url, url: polled.url, contentType: polled.contentType };
    yield* readFeedBytes(polled.body, from, now, how);
  } else {
    const reason = polled.kind === 'failed' ? polled.trouble.reason : 'answered 304';
    yield bad(url, reason, null);
  }
}

async function* readFeedFile(
  path: string,
  capturedAt: Date,
  how: ReadHow,
): AsyncGenerator<SourceEntry, void> {
  try {
    const body = await collect(bytesOf(await lookAtFile(path), 0, how.onRead), FEED_BYTES_MAX);
    const name = basename(path).replace(/\.gz$/i, '');
    yield* readFeedBytes(body, { where: path, name, url: null, contentType: null }, capturedAt, how);
  } catch (error) {
    const reason = error instanceof BodyTooLarge ? `more than ${FEED_BYTES_MAX} bytes` : reasonOf(error);
    yield bad(path, reason, null);
  }
}

/** What reading or unpacking a file can fail with, in words; anything else is our own fault, and thrown on. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) throw error;
  if (error.code === 'Z_BUF_ERROR') return 'its gzip breaks off';
  return error.code.startsWith('Z_') ? `not whole as gzip: ${error.message}` : fileTrouble(error);
}

function* readLine(
  { item, source, unreadDate, line, end }: Extract<ArchiveEntry, { kind: 'item' }>,
  path: string,
): Generator<SourceEntry, void> {
  if (unreadDate !== null) {
    const reason = `no date that can be read: ${JSON.stringify(cut(unreadDate, DATE_CHARS_SHOWN))}`;
    yield { kind: 'remark', about: 'undated', where: `${path}:${line}`, reason, count: 1, end: null };
  }
  yield { kind: 'item', item, source: source ?? basename(path), end };
}

async function* readArchiveFile(
  file: ArchiveFile,
  from: number,
  how: ReadHow,
): AsyncGenerator<SourceEntry, void> {
  const { path } = file;
  // Lines are counted from the first one, wherever reading goes on.
  for await (const entry of readArchive(path, how.now(), bytesOf(file, 0, how.onRead), from)) {
    const { end } = entry;
    if (entry.kind === 'bad') {
      const reason = entry.cause === undefined ? entry.reason : reasonOf(entry.cause);
      yield { ...bad(`${path}:${entry.line}`, reason, end), isLine: entry.cause === undefined };
    } else yield* readLine(entry, path);
  }
}

async function* readCaptured(
  { offset, end, url, capturedAt, contentType, body }: CapturedFeed,
  path: string,
  how: ReadHow,
): AsyncGenerator<SourceEntry, void> {
  const where = `${path}:${offset}`;
  const { itemsMax = ARCHIVE_ITEMS_MAX } = how;
  const from = how.feeds.at(url);
  const { publisher, country, lang } = from;
  const source = { url, contentType, status: HTTP_OK, publisher, country, lang };
  const at = capturedAt ?? how.now();
  const read = (itemsFrom: number): Promise<DocumentOutcome> =>
    readDocumentApart(body, { ...source, itemsFrom }, at);
  let left = 0;
  for await (const part of inParts(read, (one) => (one.kind === 'read' ? one.behind : 0), itemsMax)) {
    if (part.kind === 'unreadable') {
      const { reason } = part.trouble;
      yield left > 0 ? leftOut(where, left, reason, end) : bad(where, reason, end);
      return;
    }
    const { items, title, behind } = part;
    left = behind;
    // To go on behind a record is to have all of it.
    yield { kind: 'captured', items, from, title, capturedAt, end: behind === 0 ? end : null };
  }
  if (left > 0) yield leftOut(where, left, tooMany(itemsMax), end);
}

async function* readWarcFile(
  file: ArchiveFile,
  from: number,
  how: ReadHow,
): AsyncGenerator<SourceEntry, void> {
  const { path } = file;
  let end = from;
  try {
    for await (const entry of readWarcFeeds(bytesOf(file, from, how.onRead), from)) {
      if (entry.kind === 'mended') {
        const where = `${path}:${entry.offset}`;
        yield { kind: 'remark', about: 'mended', where, reason: entry.reason, count: 1, end: null };
        continue;
      }
      ({ end } = entry);
      if (entry.kind === 'feed') yield* readCaptured(entry, path, how);
      else if (entry.kind === 'bad') yield bad(`${path}:${entry.offset}`, entry.reason, end);
      else yield entry;
    }
  } catch (error) {
    yield bad(`${path}:${end}`, reasonOf(error), end);
  }
}

async function* readPacked(
  path: string,
  read: (file: ArchiveFile) => AsyncGenerator<SourceEntry, void>,
): AsyncGenerator<SourceEntry, void> {
  let file: ArchiveFile;
  try {
    file = await lookAtFile(path);
  } catch (error) {
    yield bad(path, reasonOf(error), null);
    return;
  }
  yield* read(file);
}

/** Reads a source; an archive from `from` on, which is the `end` of an entry. */
export async function* readSource(source: Source, how: ReadHow, from = 0): AsyncGenerator<SourceEntry, void> {
  switch (source.kind) {
    case 'archive':
      return yield* readPacked(source.path, (file) => readArchiveFile(file, from, how));
    case 'warc':
      return yield* readPacked(source.path, (file) => readWarcFile(file, from, how));
    case 'feed-file':
      return yield* readFeedFile(source.path, source.capturedAt, how);
    case 'url':
      return yield* readUrl(source.url, how);
    case 'trouble':
      yield bad(source.path, source.reason, null);
      return;
  }
}
