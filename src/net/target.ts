import { blockedHost } from './address.ts';
import { failed, failureOf } from './failure.ts';
import type { HttpFailure } from './failure.ts';

const URL_CHARS_MAX = 4096;
/** How much of a URL that is not one is repeated in a message. */
const NAMED_CHARS_MAX = 200;

/** Reads a URL that may be asked for, or says why it may not. */
export function parseTarget(text: string, base: string | undefined, open: boolean): URL | HttpFailure {
  const named = text.slice(0, NAMED_CHARS_MAX);
  const url = text.length <= URL_CHARS_MAX && URL.canParse(text, base) ? new URL(text, base) : null;
  if (url === null) return failed(named, 'bad-url', 'not a URL');
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return failed(named, 'bad-url', 'neither http nor https');
  }
  const blocked = blockedHost(url, open);
  return blocked === null ? url : failureOf(named, blocked);
}

/** Whether going from one URL to another gives up TLS. */
export function isDowngrade(from: URL, to: URL): boolean {
  return from.protocol === 'https:' && to.protocol === 'http:';
}

/** `user:password@` of a URL as the credentials of Basic authentication (RFC 7617); null when there is none. */
export function basicAuthorization({ username, password }: URL): string | null {
  if (username === '' && password === '') return null;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

/** A stray % in a URL stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
