import { setTimeout as delay } from 'node:timers/promises';
import { printable } from '../alerts/console-channel.ts';
import { DISCOVERY_GAP_MS, discoverFeeds } from '../workers/discover-feeds.ts';
import type { Discovery, FoundFeed } from '../workers/discover-feeds.ts';
import type { LookDeps, Looked, Unseen } from '../workers/look-at-feed.ts';
import type { HttpAnswer } from '../net/http.ts';
import { withoutPasswords } from '../log/without-passwords.ts';
import { fit, jsonShown, moment } from './output.ts';
import type { Output } from './output.ts';
import { UsageError } from './usage.ts';
import { counted } from './words.ts';

const CLIENT_ERROR = 400;
const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

export interface FindHow {
  /** Which of those that are found, from 1; null where nobody has chosen. */
  readonly pick: number | null;
  readonly json: boolean;
  readonly output: Output;
}

/** Whether what came may be a page with a feed behind it: not a feed that is broken, nor a site that is down or asks to be left alone. */
export function mayHaveFeeds({ answer, described }: Looked): boolean {
  if (answer === null || (described?.dialect ?? null) !== null) return false;
  return answer.status < SERVER_ERROR && answer.status !== TOO_MANY_REQUESTS;
}

function newestOf({ read }: FoundFeed): string | null {
  return read.items.reduce<string | null>((newest, { item: { published } }) => {
    return published !== null && (newest === null || published > newest) ? published : newest;
  }, null);
}

const urlOf = ({ looked, url }: FoundFeed): string => looked.movedTo ?? url;

function lineOf(feed: FoundFeed, number: number, columns: number): string {
  const { read, looked, reason, same, comments } = feed;
  const newest = newestOf(feed);
  const about = [
    `${read.title || '(no title)'}${comments ? ' (comments)' : ''}`,
    read.lang ?? 'language unknown',
    looked.described?.dialect ?? '',
    counted(read.items.length, 'item'),
    newest === null ? 'no dates' : `newest ${moment(new Date(newest))}`,
  ];
  const also = same.length === 0 ? '' : `; the same at ${same.join(' ')}`;
  const indent = '    ';
  const room = columns - indent.length;
  return (
    `${String(number).padStart(2)}  ${fit(about.filter((part) => part !== '').join(', '), room)}\n` +
    `${indent}${printable(withoutPasswords(urlOf(feed)))}\n${indent}${fit(`${reason}${also}`, room)}\n`
  );
}

function print(page: string, found: readonly FoundFeed[], { json: asJson, output }: FindHow): void {
  if (!asJson) {
    output.out(found.map((feed, index) => lineOf(feed, index + 1, output.columns)).join(''));
    return;
  }
  const feeds = found.map((feed, index) => {
    const { read, looked, reason, comments, same } = feed;
    const about = { title: read.title, dialect: looked.described?.dialect ?? null, lang: read.lang };
    const held = { items: read.items.length, newest: newestOf(feed) };
    return { pick: index + 1, url: urlOf(feed), ...about, ...held, reason, comments, same };
  });
  output.out(jsonShown({ page, feeds }));
}

/** Whether nobody named it: it was found where feeds or sitemaps often are, and may be another's than who was asked about. */
const isGuess = ({ rank }: FoundFeed): boolean => rank === 'usual' || rank === 'sitemap';

/** What a page has where it is not plain which feed is meant. */
function hasText(found: readonly FoundFeed[]): string {
  const [only] = found;
  if (only !== undefined && found.every(isGuess))
    return found.length === 1
      ? 'names no feed, but its site has one'
      : 'names no feed, but its site has some';
  return found.length === 1 ? 'has only a feed of comments' : `has ${found.length} feeds`;
}

/** The one that is meant; throws where that is not plain, once all are shown. */
function choose({ url: page, status }: HttpAnswer, { found }: Discovery, how: FindHow): FoundFeed {
  const { pick } = how;
  const picked = pick === null ? undefined : found[pick - 1];
  if (picked !== undefined) return picked;
  const news = found.filter(({ comments }) => !comments);
  const [only] = news;
  const isThere = status < CLIENT_ERROR;
  if (pick === null && only !== undefined && news.length === 1 && isThere && !isGuess(only)) return only;
  print(page, found, how);
  const shown = withoutPasswords(page);
  if (pick !== null) {
    const choices = found.length === 1 ? 'only 1' : `1 to ${found.length}`;
    throw new UsageError(
      `--pick ${pick}: what was found behind ${shown} is ${choices}, see above; not added`,
    );
  }
  const has = isThere ? hasText(found) : `answered ${status}; of its site there is this`;
  throw new Error(`${shown} ${has}: choose with --pick <n>, or add an address; not added`);
}

/**
 * The feed behind a page that was looked at. Where it has several, all are printed and none is taken, unless `pick` says which;
 * those of comments are not counted. Nor is one taken unasked that nobody named. Throws with what was found, or that nothing was.
 */
export async function findFeed(
  deps: LookDeps,
  page: Looked,
  context: Pick<Unseen, 'publisher' | 'lang'>,
  how: FindHow,
): Promise<FoundFeed | null> {
  if (page.answer === null) return null;
  const { output } = how;
  // The gap is for the sites of others.
  const pause = (): Promise<void> => delay(deps.allowPrivate ? 0 : DISCOVERY_GAP_MS);
  const onRequest = (url: string): void => {
    if (output.interactive)
      output.err(`\r\u001b[K${fit(`looking at ${withoutPasswords(url)}`, Math.min(output.columns, 100))}`);
  };
  const discovery = await discoverFeeds({ ...deps, pause, onRequest }, page.answer, context);
  const { found, requests, left } = discovery;
  if (output.interactive) output.err('\r\u001b[K');
  const unseen = left === 0 ? '' : `, ${left} more not`;
  output.err(`looked for feeds behind ${printable(page.answer.url)}: ${requests} addresses${unseen}\n`);
  if (found.length === 0) return null;
  const feed = choose(page.answer, discovery, how);
  output.err(`found ${printable(urlOf(feed))}: ${printable(feed.reason)}\n`);
  const others = found.filter((other) => other !== feed).map(urlOf);
  if (others.length > 0) output.err(`note: there are others: ${printable(others.join(' '))}\n`);
  return feed;
}
