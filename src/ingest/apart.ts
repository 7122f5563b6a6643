import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import type { Described } from './describe.ts';
import type { DocumentOutcome, DocumentSource } from './document.ts';
import { troubleOf } from './feed.ts';
import type { PageSource, PageText } from './page-text.ts';
import type { ParseOptions } from './parse.ts';
import { FEED_BYTES_MAX, FeedParseError } from './parsed.ts';
import type { ParsedFeed } from './parsed.ts';
import { createParserPool } from './parser-pool.ts';
import type { ParserPool } from './parser-pool.ts';

/** One reads, and one more, so that a document which takes all its time does not hold up every other. */
const PROCESSES_MAX = Math.min(2, availableParallelism());
/** For one document; the largest that are in order take a fifth of it. */
const JOB_MS_MAX = 5_000;
const HEAP_MB_MAX = 128;
const START_MS_MAX = 20_000;
const IDLE_MS = 60_000;

const LIMITS = {
  processesMax: PROCESSES_MAX,
  jobMsMax: JOB_MS_MAX,
  heapMbMax: HEAP_MB_MAX,
  startMsMax: START_MS_MAX,
  idleMs: IDLE_MS,
};

// Beside this file, and of its kind: TypeScript among the sources, JavaScript where they are compiled or bundled.
let program = new URL(`./parser-program${extname(import.meta.url)}`, import.meta.url);
let pool: ParserPool | null = null;

function parsers(): ParserPool {
  pool ??= createParserPool(program, LIMITS);
  return pool;
}

/** Has documents read by `bundled`, asked before the first: among the sources a compiler takes longer to start than the program does. */
export function readWith(bundled: URL): void {
  program = bundled;
}

function refuseTooLarge(bytes: Uint8Array, url: string | null): void {
  if (bytes.byteLength > FEED_BYTES_MAX)
    throw new FeedParseError(url, 'too-large', `more than ${FEED_BYTES_MAX} bytes`);
}

/**
 * Reads a feed as parse.ts does, in a process of its own: RSS of any version, RSS 1.0, Atom or JSON Feed, in the charset it is in, with the
 * faults the world's feeds have. Whatever the bytes are, they take at most JOB_MS_MAX and HEAP_MB_MAX, and neither
 * block nor end the process that asks. Rejects with FeedParseError when the bytes are no feed or take more than that.
 *
 * ```ts
 * const feed = await parseFeed(bytes, { contentType: 'text/xml; charset=euc-kr', url: 'https://news.example.kr/rss' });
 * ```
 */
export async function parseFeedApart(bytes: Uint8Array, options: ParseOptions = {}): Promise<ParsedFeed> {
  refuseTooLarge(bytes, options.url ?? null);
  return await parsers().run({ kind: 'feed', bytes, options });
}

/**
 * A feed's document from its bytes to identified items, as readDocument of document.ts does it, in a process of its own and under its
 * limits: normalising takes as long as parsing. What goes beyond them is trouble like any other, with its evidence.
 */
export async function readDocumentApart(
  bytes: Uint8Array,
  source: DocumentSource,
  now: Date,
): Promise<DocumentOutcome> {
  try {
    refuseTooLarge(bytes, source.url);
    return await parsers().run({ kind: 'document', bytes, source, now });
  } catch (error) {
    if (!(error instanceof FeedParseError)) throw error;
    return { kind: 'unreadable', trouble: troubleOf(error, bytes, source.status) };
  }
}

/** Looks at a document as describe.ts does, in a process of its own; null when that goes beyond its limits. */
export async function describeApart(
  bytes: Uint8Array,
  url: string,
  contentType: string | null,
): Promise<Described | null> {
  try {
    return await parsers().run({ kind: 'description', bytes, url, contentType });
  } catch (error) {
    // Reading the document comes to the same, and says so.
    if (error instanceof FeedParseError) return null;
    throw error;
  }
}

/** The processes that read feeds now: for those who watch what they take. */
export function parserPids(): readonly number[] {
  return pool?.pids ?? [];
}

/**
 * The article of a page, as readPage of page-text.ts finds it, in a process of its own and under its limits. Rejects with
 * FeedParseError when the bytes are no page or take more than that.
 */
export async function readPageApart(bytes: Uint8Array, source: PageSource): Promise<PageText> {
  return await parsers().run({ kind: 'page', bytes, source });
}

/** Ends the processes that have nothing to read; a later document starts them again. */
export async function endIdleParsers(): Promise<void> {
  await pool?.endIdle();
}
