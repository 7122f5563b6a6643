import { describe } from './describe.ts';
import { readDocument } from './document.ts';
import type { PageSource, PageText } from './page-text.ts';
import { parseFeed } from './parse.ts';
import { FEED_BYTES_MAX, FeedParseError } from './parsed.ts';
import { urlOf } from './parser-job.ts';
import type { ParserJob, ParserMessage, ParserResults } from './parser-job.ts';

/** Items told at once. */
const PART_ITEMS_MAX = 50;
/** Characters in all texts of a result. More than twice what a document has of them only entities can make. */
export const RESULT_CHARS_MAX = 2 * FEED_BYTES_MAX;

type Result = ParserResults[keyof ParserResults];

function itemsOf(result: Result): readonly unknown[] | null {
  return 'items' in result ? result.items : null;
}

function charsOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, inner) => sum + charsOf(inner), 0);
}

/** Loads what reads pages when there is the first to read: it is half of all that a process loads, and few installations ask for it. */
async function pageOf(bytes: Uint8Array, source: PageSource): Promise<PageText> {
  const { readPage, UnreadablePage } = await import('./page-text.ts');
  try {
    return readPage(bytes, source);
  } catch (error) {
    if (error instanceof UnreadablePage) throw new FeedParseError(source.url, 'unreadable', error.message);
    throw error;
  }
}

async function work(job: ParserJob): Promise<Result> {
  switch (job.kind) {
    case 'feed':
      return await parseFeed(job.bytes, job.options);
    case 'document':
      return await readDocument(job.bytes, job.source, job.now);
    case 'description':
      return describe(job.bytes, job.url, job.contentType);
    case 'page':
      return await pageOf(job.bytes, job.source);
  }
}

async function resultOf(job: ParserJob): Promise<Result> {
  const result = await work(job);
  if (charsOf(itemsOf(result)) > RESULT_CHARS_MAX)
    throw new FeedParseError(
      urlOf(job),
      'too-large',
      `more than ${RESULT_CHARS_MAX} characters in its items`,
    );
  return result;
}

// What V8 says when a text or an array would be longer than any can be.
const BEYOND_V8 = /^Invalid (?:string|array|typed array) length|allocation failed/i;

function failureOf(error: unknown): ParserMessage {
  if (error instanceof FeedParseError) return { kind: 'refused', fault: error.fault, detail: error.detail };
  if (error instanceof RangeError && BEYOND_V8.test(error.message))
    return { kind: 'refused', fault: 'too-much-memory', detail: error.message };
  return { kind: 'broken', stack: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}

/** Does a job, and gives what is to be said of it, in order. */
export async function* workOn(job: ParserJob): AsyncGenerator<ParserMessage, void> {
  try {
    const result = await resultOf(job);
    const items = itemsOf(result);
    for (let from = 0; items !== null && from < items.length; from += PART_ITEMS_MAX)
      yield { kind: 'items', items: items.slice(from, from + PART_ITEMS_MAX) };
    yield {
      kind: 'done',
      rest: items === null ? result : { ...result, items: [] },
      hasItems: items !== null,
    };
  } catch (error) {
    yield failureOf(error);
  }
}
