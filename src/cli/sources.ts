import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { capturedAtOf } from '../ingest/captured-at.ts';
import { fileTrouble } from './files.ts';
import { UsageError } from './usage.ts';
import { walkFolder } from './walk-folder.ts';

interface FileSource {
  readonly path: string;
  readonly bytes: number;
}

/** Something to import. */
export type Source =
  /** JSONL, an item a line. */
  | (FileSource & { readonly kind: 'archive' })
  /** Answers of web servers, of which those that are feeds are read. */
  | (FileSource & { readonly kind: 'warc' })
  | (FileSource & { readonly kind: 'feed-file'; readonly capturedAt: Date })
  | { readonly kind: 'url'; readonly url: string }
  /** Something in a folder that cannot be looked at. */
  | { readonly kind: 'trouble'; readonly path: string; readonly reason: string };

/** Files of one import. */
const FILES_MAX = 200_000;
const ARCHIVE = /\.(?:jsonl|ndjson)(?:\.gz)?$/i;
const WARC = /\.warc(?:\.gz)?$/i;
const FEED_FILE = /\.(?:xml|rss|atom|rdf|json)(?:\.gz)?$/i;
const isImportable = (name: string): boolean => [ARCHIVE, WARC, FEED_FILE].some((kind) => kind.test(name));

function fileSource(path: string, { size: bytes, mtime }: { size: number; mtime: Date }, now: Date): Source {
  if (ARCHIVE.test(path)) return { kind: 'archive', path, bytes };
  if (WARC.test(path)) return { kind: 'warc', path, bytes };
  return { kind: 'feed-file', path, bytes, capturedAt: capturedAtOf(basename(path), now) ?? mtime };
}

/** Archives in the order of their names, then feed files as they were captured: a feed that was read twice is revised forwards. */
function inOrder(a: Source, b: Source): number {
  if (a.kind === 'feed-file' && b.kind === 'feed-file')
    return a.capturedAt.getTime() - b.capturedAt.getTime();
  return Number(a.kind === 'feed-file') - Number(b.kind === 'feed-file');
}

async function sourcesOf(name: string, now: Date): Promise<Source[]> {
  if (/^https?:\/\//i.test(name)) return [{ kind: 'url', url: name }];
  const found = await stat(name).catch((error: unknown) => {
    throw new UsageError(`${name}: ${fileTrouble(error)}`);
  });
  if (!found.isDirectory()) return [fileSource(name, found, now)];
  const sources: Source[] = [];
  for await (const entry of walkFolder(name, isImportable)) {
    sources.push(entry.kind === 'file' ? fileSource(entry.path, entry.stats, now) : entry);
    if (sources.length > FILES_MAX) throw tooMany();
  }
  if (sources.length === 0) throw new UsageError(`${name}: no feed files or archives in it`);
  return sources.sort(inOrder);
}

function tooMany(): UsageError {
  return new UsageError(`more than ${FILES_MAX} files at once`);
}

/** What the names on a command line stand for, folders opened. Throws UsageError for one that is not there. */
export async function listSources(names: readonly string[], now: Date = new Date()): Promise<Source[]> {
  const sources: Source[] = [];
  for (const name of names) sources.push(...(await sourcesOf(name, now)));
  if (sources.length > FILES_MAX) throw tooMany();
  return sources;
}
