import { constants, gunzipSync } from 'node:zlib';
import { FEED_BYTES_MAX, FeedParseError } from './parsed.ts';

/**
 * A document that is a gzip file of itself (`news.xml.gz`), unpacked; anything else as it is. Throws
 * FeedParseError when more than FEED_BYTES_MAX come out of it, or when it is broken.
 */
export function unpacked(bytes: Uint8Array, url: string | null): Uint8Array {
  // RFC 1952 §2.3.1
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    // A file that is cut off gives what had arrived.
    return gunzipSync(bytes, { maxOutputLength: FEED_BYTES_MAX, finishFlush: constants.Z_SYNC_FLUSH });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw new FeedParseError(url, 'too-large', `unpacks to more than ${FEED_BYTES_MAX} bytes`);
    throw new FeedParseError(url, 'unreadable', 'a gzip file that cannot be unpacked', { cause: error });
  }
}
