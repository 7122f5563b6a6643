import type { Described } from './describe.ts';
import type { DocumentOutcome, DocumentSource } from './document.ts';
import type { PageSource, PageText } from './page-text.ts';
import type { ParseOptions } from './parse.ts';
import type { FeedParseFault, ParsedFeed } from './parsed.ts';

/** What a parser process can be asked to do with a document. */
export type ParserJob =
  | { readonly kind: 'feed'; readonly bytes: Uint8Array; readonly options: ParseOptions }
  | {
      readonly kind: 'document';
      readonly bytes: Uint8Array;
      readonly source: DocumentSource;
      readonly now: Date;
    }
  | {
      readonly kind: 'description';
      readonly bytes: Uint8Array;
      readonly url: string;
      readonly contentType: string | null;
    }
  | { readonly kind: 'page'; readonly bytes: Uint8Array; readonly source: PageSource };

/** What a parser process is told: a document in parts, then what to do with it. */
export type ParserOrder =
  { readonly kind: 'part'; readonly bytes: Uint8Array } | { readonly kind: 'job'; readonly job: ParserJob };

/** Bytes of a document told at once: sending them takes a moment of whoever sends. */
const PART_BYTES_MAX = 1024 * 1024;

/** A job as a parser process is told of it. */
export function ordersOf(job: ParserJob): ParserOrder[] {
  const orders: ParserOrder[] = [];
  for (let from = 0; from < job.bytes.length; from += PART_BYTES_MAX)
    orders.push({ kind: 'part', bytes: job.bytes.subarray(from, from + PART_BYTES_MAX) });
  return [...orders, { kind: 'job', job: { ...job, bytes: new Uint8Array() } }];
}

/** What comes of a job, by its kind. */
export interface ParserResults {
  readonly feed: ParsedFeed;
  readonly document: DocumentOutcome;
  readonly description: Described;
  readonly page: PageText;
}

/** What a parser process says. A result comes in parts, so that taking it in never holds up the one who asked for long. */
export type ParserMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'items'; readonly items: readonly unknown[] }
  | { readonly kind: 'done'; readonly rest: object; readonly hasItems: boolean }
  | { readonly kind: 'refused'; readonly fault: FeedParseFault; readonly detail: string }
  | { readonly kind: 'broken'; readonly stack: string };

/** The URL that errors about a job name. */
export function urlOf(job: ParserJob): string | null {
  switch (job.kind) {
    case 'feed':
      return job.options.url ?? null;
    case 'document':
    case 'page':
      return job.source.url;
    case 'description':
      return job.url;
  }
}
