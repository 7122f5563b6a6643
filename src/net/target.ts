import { blockedLiteral } from './address.ts';
import { failureOf } from './failure.ts';
import type { HttpFailure } from './failure.ts';

const URL_CHARS_MAX = 4096;
/** How much of a URL that is not one is repeated in a message. */
const NAMED_CHARS_MAX = 200;

/** Reads a URL that may be asked for, or says why it may not. */
export function parseTarget(text: string, base: string | undefined, open: boolean): URL | HttpFailure {
  const named = text.slice(0, NAMED_CHARS_MAX);
  const url = text.length <= URL_CHARS_MAX && URL.canParse(text, base) ? new URL(text, base) : null;
  if (url === null) return { kind: 'failed', code: 'bad-url', reason: `${named}: not a URL` };
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { kind: 'failed', code: 'bad-url', reason: `${named}: neither http nor https` };
  }
  const blocked = open ? null : blockedLiteral(url);
  return blocked === null ? url : failureOf(named, blocked);
}

/** `user:password@` of a URL as the header it stands for: undici leaves it out. */
export function authorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {};
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}
