import { createHash } from 'node:crypto';

/** Hex digits of a digest: 128 bits tell more headlines apart than there will be. */
const DIGEST_CHARS = 32;

/**
 * The digest by which a headline's copies are told: the first half of sha256 over the UTF-8 of its normalised words, in hex.
 * Of no words it is empty. So the log names a headline without holding it, and keeps nothing of one that is taken down; only
 * whoever has the headline can tell that it is this one.
 *
 * The function sw_work.copy_digest comes to the same.
 */
export function copyDigest(words: string): string {
  return words === '' ? '' : createHash('sha256').update(words).digest('hex').slice(0, DIGEST_CHARS);
}
