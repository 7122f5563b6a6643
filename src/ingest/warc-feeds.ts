import { BodyTooLarge, BodyUnreadable, unpack } from '../net/body.ts';
import { decode } from './decode.ts';
import { readHttpMessage } from './http-message.ts';
import { FEED_BYTES_MAX } from './parsed.ts';
import { absoluteUrl } from './url.ts';
import { readWarc } from './warc.ts';
import type { WarcRecord } from './warc.ts';

/** Bytes that are looked at to tell a feed from anything else. */
const SNIFFED_BYTES = 4_096;
const FEED_TYPE = /^(?:application|text)\/(?:rss|atom|rdf|feed)\+(?:xml|json)\b/i;
/** What the root of a feed, a news sitemap or a JSON Feed looks like. */
const FEED_BEGINS =
  /<(?:[\w-]+:)?(?:rss|feed|rdf|channel|urlset)[\s>/:]|^\s*\{[^]*"(?:version"\s*:\s*"https?:\/\/jsonfeed\.org|items"\s*:)/i;
const HTTP_OK = 200;

/** A feed as it was captured. */
export interface CapturedFeed {
  readonly kind: 'feed';
  readonly offset: number;
  readonly end: number;
  readonly url: string;
  /** Null where the record does not say. */
  readonly capturedAt: Date | null;
  readonly contentType: string | null;
  /** Unpacked. */
  readonly body: Uint8Array;
}

/** What a WARC file gives, one for each record, and one before it where it was mended: a feed, something else that is well, or what cannot be had. */
export type WarcEntry =
  | CapturedFeed
  | { readonly kind: 'other'; readonly end: number }
  /** A record that could be mended; what it gives comes next. */
  | { readonly kind: 'mended'; readonly offset: number; readonly reason: string }
  | { readonly kind: 'bad'; readonly offset: number; readonly end: number; readonly reason: string };

interface Payload {
  readonly contentType: string | null;
  readonly packed: Buffer;
  readonly encoding: string;
}

/** What was captured; null for an answer that carries no document: a redirect, an error, nothing new. */
function payloadOf({ type, fields }: WarcRecord, block: Buffer): Payload | null | string {
  const contentType = fields.get('content-type') ?? null;
  if (type === 'resource') return { contentType, packed: block, encoding: '' };
  const message = readHttpMessage(block);
  // RFC 9110 is not all that is archived: answers of DNS and FTP are responses as well.
  if (message === null)
    return /^application\/http\b/i.test(contentType ?? '') ? 'no HTTP answer in it' : null;
  if (message.status !== HTTP_OK) return null;
  const { headers, body } = message;
  return {
    contentType: headers['content-type'] ?? null,
    packed: body,
    encoding: headers['content-encoding'] ?? '',
  };
}

/** The body unpacked; as it is where it was unpacked before it was archived, as many who archive do. */
async function unpacked({ packed, encoding }: Payload): Promise<Uint8Array> {
  try {
    return await unpack(packed, encoding, FEED_BYTES_MAX);
  } catch (error) {
    if (error instanceof BodyUnreadable) return packed;
    throw error;
  }
}

function looksLikeFeed(body: Uint8Array, contentType: string | null): boolean {
  if (FEED_TYPE.test(contentType ?? '')) return true;
  if (/^(?:image|audio|video|font)\//i.test(contentType ?? '')) return false;
  const { text } = decode(body.subarray(0, SNIFFED_BYTES), contentType);
  return FEED_BEGINS.test(text) && !/<html[\s>]/i.test(text);
}

function dateOf(written: string | undefined): Date | null {
  const at = new Date(written ?? '');
  return Number.isNaN(at.getTime()) ? null : at;
}

async function entryOf(record: WarcRecord, block: Buffer): Promise<WarcEntry> {
  const { offset, end, fields } = record;
  const bad = (reason: string): WarcEntry => ({ kind: 'bad', offset, end, reason });
  if (fields.has('warc-segment-number'))
    return bad('one part of a record in segments, which are not put together');
  const payload = payloadOf(record, block);
  if (payload === null) return { kind: 'other', end };
  if (typeof payload === 'string') return bad(payload);
  // WARC 1.0 writes <https://…> in its examples, and so do some who followed them.
  const url = absoluteUrl((fields.get('warc-target-uri') ?? '').replace(/^<(.*)>$/, '$1'), null);
  try {
    const body = await unpacked(payload);
    const { contentType } = payload;
    if (!looksLikeFeed(body, contentType)) return { kind: 'other', end };
    if (url === null) return bad('a feed without an address (WARC-Target-URI)');
    return { kind: 'feed', offset, end, url, capturedAt: dateOf(fields.get('warc-date')), contentType, body };
  } catch (error) {
    if (error instanceof BodyTooLarge) return bad(error.message);
    throw error;
  }
}

const WANTED: ReadonlySet<string> = new Set(['response', 'resource']);

/**
 * The feeds that an unpacked WARC file has captured, in its order. Throws what the stream throws.
 * `from` is the `end` of an entry, at which `chunks` begin.
 */
export async function* readWarcFeeds(
  chunks: AsyncIterable<Uint8Array>,
  from = 0,
): AsyncGenerator<WarcEntry, void> {
  for await (const record of readWarc(chunks, WANTED, from)) {
    if (record.kind === 'record' && record.mended !== null)
      yield { kind: 'mended', offset: record.offset, reason: record.mended };
    if (record.kind === 'bad') yield record;
    else if (record.block === null) yield { kind: 'other', end: record.end };
    else yield await entryOf(record, record.block);
  }
}
