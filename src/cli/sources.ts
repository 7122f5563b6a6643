import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseFeedApart } from '../ingest/apart.ts';
import { readArchive } from '../ingest/archive.ts';
import { polledOf } from '../ingest/feed.ts';
import { normalizeItem } from '../ingest/normalize.ts';
import { FEED_BYTES_MAX, FeedParseError } from '../ingest/parsed.ts';
import type { HttpClient } from '../net/http.ts';
import type { ImportedItem } from '../workers/import-items.ts';
import { UsageError } from './usage.ts';

/** Something to import. */
export type Source =
  | { readonly kind: 'archive'; readonly path: string }
  | { readonly kind: 'feed-file'; readonly path: string }
  | { readonly kind: 'url'; readonly url: string };

/** One item of a source, or what could not be read. */
export type SourceEntry =
  | ({ readonly kind: 'item' } & ImportedItem)
  | { readonly kind: 'bad'; readonly where: string; readonly reason: string };

const FILES_MAX = 10_000;
const IMPORTABLE = /\.(jsonl|ndjson|xml|rss|atom|rdf|json)$/i;

function fileSource(path: string): Source {
  return /\.(jsonl|ndjson)$/i.test(path) ? { kind: 'archive', path } : { kind: 'feed-file', path };
}

async function sourcesOf(name: string): Promise<Source[]> {
  if (/^https?:\/\//i.test(name)) return [{ kind: 'url', url: name }];
  const found = await stat(name).catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`${name}: ${code === 'ENOENT' ? 'no such file or folder' : message}`);
  });
  if (!found.isDirectory()) return [fileSource(name)];
  const files = (await readdir(name, { recursive: true })).filter((file) => IMPORTABLE.test(file)).sort();
  if (files.length === 0) throw new UsageError(`${name}: no feed files or archives in it`);
  return files.map((file) => fileSource(join(name, file)));
}

/** What the names on a command line stand for, folders opened. Throws UsageError for one that is not there. */
export async function listSources(names: readonly string[]): Promise<Source[]> {
  const sources = (await Promise.all(names.map(sourcesOf))).flat();
  if (sources.length > FILES_MAX)
    throw new UsageError(`${sources.length} files are more than ${FILES_MAX} at once`);
  return sources;
}

export interface ReadHow {
  readonly http: HttpClient;
  readonly allowPrivate: boolean;
  readonly now: () => Date;
}

async function* readFeedBytes(
  bytes: Uint8Array,
  where: { readonly name: string; readonly url: string | null; readonly contentType: string | null },
  now: Date,
): AsyncGenerator<SourceEntry, void> {
  const { name, url, contentType } = where;
  try {
    const feed = await parseFeedApart(bytes, { url: url ?? name, contentType });
    for (const parsed of feed.items) {
      const item = normalizeItem(parsed, { lang: feed.language }, now);
      if (item !== null) yield { kind: 'item', item, source: feed.title || name };
    }
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    yield { kind: 'bad', where: name, reason: error.message };
  }
}

async function* readUrl(url: string, how: ReadHow): AsyncGenerator<SourceEntry, void> {
  const now = how.now();
  const polled = polledOf(await how.http.get(url, { allowPrivate: how.allowPrivate }), now);
  if (polled.kind === 'fresh') {
    const where = { name: url, url: polled.url, contentType: polled.contentType };
    yield* readFeedBytes(polled.body, where, now);
  } else {
    yield {
      kind: 'bad',
      where: url,
      reason: polled.kind === 'failed' ? polled.trouble.reason : 'answered 304',
    };
  }
}

async function* readFeedFile(path: string, now: Date): AsyncGenerator<SourceEntry, void> {
  const { size } = await stat(path);
  if (size > FEED_BYTES_MAX) {
    yield { kind: 'bad', where: path, reason: `more than ${FEED_BYTES_MAX} bytes` };
    return;
  }
  yield* readFeedBytes(await readFile(path), { name: basename(path), url: null, contentType: null }, now);
}

async function* readArchiveFile(path: string, now: Date): AsyncGenerator<SourceEntry, void> {
  for await (const entry of readArchive(path, now)) {
    if (entry.kind === 'bad') {
      yield { kind: 'bad', where: `${entry.file}:${entry.line}`, reason: entry.reason };
    } else {
      yield { kind: 'item', item: entry.item, source: entry.source ?? basename(path) };
    }
  }
}

/** The items of a source, in its order, and what in it could not be read. */
export function readSource(source: Source, how: ReadHow): AsyncGenerator<SourceEntry, void> {
  switch (source.kind) {
    case 'archive':
      return readArchiveFile(source.path, how.now());
    case 'feed-file':
      return readFeedFile(source.path, how.now());
    case 'url':
      return readUrl(source.url, how);
  }
}
