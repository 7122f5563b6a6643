import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { printable } from '../../alerts/console-channel.ts';
import { settings } from '../settings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { feedId, publisherId } from '../../events/ids.ts';
import type { FeedId, PublisherId } from '../../events/ids.ts';
import { unlistedPublisherOf } from '../../ingest/archive-feed.ts';
import type { AddDecision, WantedFeed } from '../../ingest/hand-feeds.ts';
import { languageOf } from '../../ingest/language.ts';
import { publisherResolver } from '../../ingest/publisher.ts';
import { parseTarget } from '../../net/target.ts';
import { nearest } from '../../query/nearest.ts';
import { openDossier } from '../../query/dossier.ts';
import { addFeeds, foreseeFeeds } from '../../workers/hand-feeds.ts';
import { lookAtFeed } from '../../workers/look-at-feed.ts';
import type { Looked } from '../../workers/look-at-feed.ts';
import { findFeed, mayHaveFeeds } from '../find-feed.ts';
import { httpClientOf } from '../http.ts';
import { jsonShown } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { count, idOption, shortText, UsageError } from '../usage.ts';
import { counted } from '../words.ts';

/** What is opened with a feed that may stand within. */
export const PRIVATE_NOTE =
  'note: the address guard lets such a feed pass: whatever it redirects to or links to on this\n' +
  'machine or network is fetched as well; for the lab, and for feeds of your own\n';
/** Characters of a title. */
const TITLE_CHARS_MAX = 500;
/** Feeds of one site. */
const FEEDS_LISTED_MAX = 100;

interface Flags {
  readonly id?: FeedId;
  readonly title?: string;
  readonly publisher?: PublisherId;
  readonly lang?: string;
  readonly pick?: number;
  readonly check: boolean;
  readonly allowPrivate?: true;
  readonly fullText?: true;
  readonly json?: true;
}

/** A language as this house writes it. */
export function langOption(text: string): string {
  const lang = languageOf(text);
  if (lang !== null) return lang;
  throw new InvalidArgumentError('expected a language such as ko, en or zh-Hant.');
}

/** Why a feed was not added, in words; null when it was. */
export function notAdded(decision: AddDecision, url: string): string | null {
  switch (decision.kind) {
    case 'added':
      return null;
    case 'taken':
      return `the id ${decision.feed} is taken by the feed at ${decision.url}`;
    case 'known': {
      const { feed, status } = decision;
      if (status === 'paused')
        return `${url} is the feed ${feed}, which is paused: shuttlewatch feeds resume ${feed}`;
      if (status === 'listed')
        return `${url} is the feed ${feed} of the dossier, which comes with the next start ("up")`;
      return `${url} is the feed ${feed} already`;
    }
  }
}

/** The publisher that a URL speaks for, in the dossier or after its host. */
export function publisherOf({ publishers }: Dossier, url: string, title: string): PublisherId {
  return publisherResolver(publishers)(url, null)?.id ?? unlistedPublisherOf(url, title);
}

/** Tells of a publisher that nobody has described: family, country and who directs it stay unknown. */
function remarkPublisher({ publishers }: Dossier, publisher: PublisherId, output: Output): void {
  if (publishers.some(({ id }) => id === publisher)) return;
  const near = nearest(publisher, publishers);
  const meant = near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
  output.err(
    `note: the dossier knows no publisher ${publisher}${meant}; its country and family stay unknown\n`,
  );
}

/** What was looked at, and where it was: behind the page that was named, it may be. */
interface LookedAt {
  readonly wanted: WantedFeed;
  readonly looked: Looked;
}

/** Looks at what a person named, the first of `addresses` that answers, and for the feed behind it where it is a page. */
async function look(
  session: Session,
  dossier: Dossier,
  addresses: readonly WantedFeed[],
  flags: Flags,
  output: Output,
): Promise<LookedAt> {
  const http = httpClientOf(session.config);
  const deps = { http, dossier, allowPrivate: flags.allowPrivate === true, now: session.now };
  try {
    let trouble: string | null = null;
    for (const wanted of addresses) {
      const looked = await lookAtFeed(deps, wanted);
      if (looked.trouble === null) return { wanted, looked };
      const { kind, reason } = looked.trouble;
      trouble ??= `${kind} trouble: ${reason}`;
      if (looked.answer === null) continue;
      if (!mayHaveFeeds(looked)) break;
      const how = { pick: flags.pick ?? null, json: flags.json === true, output };
      const feed = await findFeed(deps, looked, wanted, how);
      if (feed !== null) return { wanted: { ...wanted, url: feed.url }, looked: feed.looked };
      trouble = `${kind} trouble: ${reason}\nno feed was found behind it either`;
      break;
    }
    throw new Error(`${trouble ?? 'nothing to look at'}\nnot added; --no-check adds it unseen`);
  } finally {
    await http.close();
  }
}

/** What is wanted, with what a look at it has found. */
function found(dossier: Dossier, wanted: WantedFeed, { movedTo, read }: Looked, flags: Flags): WantedFeed {
  const url = movedTo ?? wanted.url;
  const title = flags.title ?? read?.title ?? '';
  const publisher = flags.publisher ?? publisherOf(dossier, url, title);
  return { ...wanted, url, title, publisher, lang: flags.lang ?? read?.lang ?? null };
}

interface Added {
  readonly wanted: WantedFeed;
  readonly decision: Extract<AddDecision, { kind: 'added' }>;
  /** What it holds; null where nobody has looked. */
  readonly items: number | null;
}

function tell({ wanted, decision, items }: Added, asJson: boolean, output: Output): void {
  const { feed, again } = decision;
  const added = decision.events.find(({ type }) => type === 'FeedAdded');
  const { url, title, publisher, lang } = added?.type === 'FeedAdded' ? added.data : wanted;
  if (asJson) {
    output.out(jsonShown({ feed, url, title: title === '' ? feed : title, publisher, lang, items, again }));
    return;
  }
  const told = [title, publisher, lang ?? 'language unknown', items === null ? '' : counted(items, 'item')];
  const is = told.filter((part) => part !== '').join(', ');
  output.err(`added ${feed}${again ? ' again' : ''}: ${printable(is)}\n`);
}

/** Throws where a feed was not added, naming why. */
function required(decision: AddDecision | undefined, url: string): Added['decision'] {
  if (decision?.kind === 'added') return decision;
  throw new Error((decision === undefined ? null : notAdded(decision, url)) ?? `${url} was not added`);
}

async function addWanted(
  session: Session,
  dossier: Dossier,
  addresses: readonly [WantedFeed, ...WantedFeed[]],
  flags: Flags,
  output: Output,
): Promise<void> {
  // What is known already need not be fetched. The others are the first by another scheme, which makes no other feed.
  const [foreseen] = await foreseeFeeds(session, [addresses[0]], dossier.feeds);
  required(foreseen, addresses[0].url);
  const open = flags.allowPrivate === true;
  const seen = flags.check ? await look(session, dossier, addresses, flags, output) : null;
  const asked = seen?.wanted ?? addresses[0];
  const wanted = seen === null ? asked : found(dossier, asked, seen.looked, flags);
  const [decision] = await addFeeds(session, [wanted], dossier.feeds);
  const added = {
    wanted,
    decision: required(decision, wanted.url),
    items: seen?.looked.read?.items.length ?? null,
  };
  if (wanted.url !== asked.url) output.err(`note: ${asked.url} has moved for good, added where it is now\n`);
  remarkPublisher(dossier, wanted.publisher, output);
  if (open) output.err(PRIVATE_NOTE);
  tell(added, flags.json === true, output);
}

/** A site as people say it: `news.example.kr`, `例え.jp/world`. */
const BARE = /^[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?(?::\d{1,5})?(?:[/?#].*)?$/u;
/** Schemes are words with a colon and no port behind it. */
const HAS_SCHEME = /^[a-z][a-z0-9+.-]*:(?!\d{1,5}(?:[/?#]|$))/i;

/** What opens an address that is refused, in words; empty where nothing does. */
export function privateHint(url: string): string {
  const [closed, open] = [false, true].map((each) => parseTarget(url, undefined, each));
  const isPrivate = closed !== undefined && 'kind' in closed && closed.code === 'blocked-address';
  return isPrivate && open !== undefined && !('kind' in open)
    ? ' (--allow-private takes it all the same)'
    : '';
}

/** The addresses that a person may mean, the likeliest first. Throws UsageError for what is none. */
function addressesOf(text: string, open: boolean): [string, ...string[]] {
  const isBare = !HAS_SCHEME.test(text) && BARE.test(text) && /[.:]|^localhost/.test(text);
  const [first = text, ...others] = isBare ? [`https://${text}`, `http://${text}`] : [text];
  const read = (url: string): string => {
    const target = parseTarget(url, undefined, open);
    if (!('kind' in target)) return target.href;
    throw new UsageError(`${target.reason}${open ? '' : privateHint(url)}`);
  };
  return [read(first), ...others.map(read)];
}

async function add(text: string, flags: Flags, output: Output): Promise<void> {
  const open = flags.allowPrivate === true;
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  const wantedAt = (url: string): WantedFeed => ({
    id: flags.id ?? null,
    url,
    title: flags.title ?? '',
    publisher: flags.publisher ?? publisherOf(dossier, url, flags.title ?? ''),
    lang: flags.lang ?? null,
    paused: null,
    options: { ...(flags.fullText && { fullText: true }), ...(open && { allowPrivate: true }) },
  });
  const [first, ...others] = addressesOf(text, open);
  await withSession((session) =>
    addWanted(session, dossier, [wantedAt(first), ...others.map(wantedAt)], flags, output),
  );
}

/** `feeds add`: one more feed, by hand. */
export function feedsAddCommand(feeds: Command, output: Output): void {
  feeds
    .command('add')
    .description('add a feed by hand, or the feed behind a site; it is fetched once to see that it is one')
    .argument('<site>', 'where the feed is, or a page or site whose feed is looked for')
    .option('--id <id>', 'its id (default: made of the URL)', idOption(feedId))
    .option('--title <text>', 'its title (default: what the feed says)', shortText(TITLE_CHARS_MAX))
    .option('--publisher <id>', 'who is behind it (default: after the host)', idOption(publisherId))
    .option('--lang <lang>', 'its language (default: what the feed says or shows)', langOption)
    .option('--pick <n>', 'which feed, where a site has several', count(1, FEEDS_LISTED_MAX))
    .option('--no-check', 'do not fetch it')
    .option('--full-text', 'also fetch the pages of its new items')
    .option('--allow-private', 'let it stand on an address of this machine or network, now and at every poll')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  $ shuttlewatch feeds add news.example.kr\n  $ shuttlewatch feeds add news.example.kr --pick 2\n  $ shuttlewatch feeds add https://news.example.kr/rss/world.xml' +
        '\n\nA running "up" polls it at once. What it holds then is backfill, and alerts nobody.' +
        '\n--allow-private takes this feed out of the address guard for good: where it redirects to' +
        '\nand links to is then fetched from this machine and network too. "feeds set" takes it back.',
    )
    .action((site: string, flags: Flags) => add(site, flags, output));
}
