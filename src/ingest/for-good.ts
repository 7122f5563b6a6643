import type { PollResult } from './feed.ts';

/** A word for good is believed when it is said again this much later: a slip of minutes moves and ends no feed. */
export const FOR_GOOD_MS_MIN = 10 * 60_000;

/**
 * When a feed that is said to be gone is asked again, by when it could be believed; up to a fifth earlier by chance. Between the
 * two it is not polled: after the first word its rhythm counts no more.
 */
export const GONE_CHECK_MS = 15 * 60_000;

/** The word of a server whose feed is gone. */
const GONE = 'gone';
/** What a server answers whose feed is gone (RFC 9110 §15.5.11). */
export const STATUS_GONE = 410;

/** What a server has said is so for good: that its feed is gone, or where it has moved; and since when it says so. */
export interface Said {
  readonly word: string;
  readonly since: Date;
}

/** The word in how a poll ended; null for none, undefined where another trouble says neither yes nor no. */
function wordOf(result: PollResult): string | null | undefined {
  if (result.kind === 'good') return result.movedTo;
  return result.trouble.status === STATUS_GONE ? GONE : undefined;
}

/**
 * Weighs what a poll heard against what was `said` before: the result with what is to be believed (a move or an end that
 * was said before, at least FOR_GOOD_MS_MIN ago, and not taken back between), and what to remember.
 */
export function hear(
  said: Said | null,
  result: PollResult,
  now: Date,
): { readonly said: Said | null; readonly result: PollResult } {
  const word = wordOf(result);
  if (word === undefined) return { said, result };
  if (word === null) return { said: null, result };
  const isSame = said?.word === word;
  if (isSame && now.getTime() - said.since.getTime() >= FOR_GOOD_MS_MIN) {
    return { said, result: result.kind === 'good' ? result : { ...result, gone: true } };
  }
  return {
    said: isSame ? said : { word, since: now },
    result: result.kind === 'good' ? { ...result, movedTo: null } : result,
  };
}
