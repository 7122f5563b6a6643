import assert from 'node:assert/strict';
import type { Command } from 'commander';
import { settings } from '../settings.ts';
import type { Dossier, FeedListing, Publisher } from '../../dossier/dossier.ts';
import { joinLists } from '../../dossier/opml-list.ts';
import { readXmlTree, writeXmlTree } from '../../dossier/xml-tree.ts';
import { COUNTRY_UNKNOWN, LANG_UNKNOWN, writeFeeds } from '../../dossier/write-feeds.ts';
import type { PublisherId } from '../../events/ids.ts';
import { withoutPasswords } from '../../log/without-passwords.ts';
import { isArchiveUrl } from '../../ingest/archive-feed.ts';
import { openDossier } from '../../query/dossier.ts';
import { listFeeds } from '../../query/lists.ts';
import type { ListedFeed } from '../../query/lists.ts';
import type { Store } from '../../store/store.ts';
import { exportedLists } from '../feed-list.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { counted } from '../words.ts';

function listingOf({ feeds }: Dossier, feed: ListedFeed): FeedListing {
  const listed = feeds.find(({ id }) => id === feed.feed);
  return {
    id: feed.feed,
    title: feed.title,
    url: feed.url,
    site: listed?.site ?? null,
    publisher: feed.publisher,
    lang: feed.lang ?? LANG_UNKNOWN,
    seen: listed?.seen ?? 'added by hand',
    unverified: listed?.unverified ?? feed.lastGoodAt === null,
    ...(feed.status === 'paused' && { paused: feed.statusReason ?? 'paused' }),
    options: feed.options,
  };
}

/** Who is behind the feeds; where the dossier does not say, no more than the id is known. */
function publishersOf({ publishers }: Dossier, ids: ReadonlySet<PublisherId>): Publisher[] {
  return [...ids].sort().map(
    (id) =>
      publishers.find((publisher) => publisher.id === id) ?? {
        ...{ id, name: id, family: id, country: COUNTRY_UNKNOWN, stateRun: false, hosts: [] },
      },
  );
}

interface Flags {
  readonly byPublisher?: true;
}

/** Feeds under their publishers, as the feeds.opml of a dossier has them. */
function byPublisher(dossier: Dossier, there: readonly ListedFeed[]): string {
  const feeds = there.map((feed) => listingOf(dossier, feed));
  const publishers = publishersOf(dossier, new Set(feeds.map(({ publisher }) => publisher)));
  return writeFeeds(`${dossier.name}: feeds`, publishers, feeds);
}

/** Feeds where the lists have them that they came with, and the others under their publishers. */
async function asListed(store: Store, dossier: Dossier, there: readonly ListedFeed[]): Promise<string> {
  const { list, rest } = await exportedLists(store, dossier, there);
  if (list === null) return byPublisher(dossier, rest);
  if (rest.length === 0) return writeXmlTree(list);
  const others = readXmlTree(byPublisher(dossier, rest));
  // What we have written ourselves.
  assert(typeof others !== 'string', `our own list ${typeof others === 'string' ? others : ''}`);
  return writeXmlTree(joinLists([list, others]));
}

async function exportFeeds(flags: Flags, output: Output): Promise<void> {
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  await withSession(async ({ store }) => {
    const all = (await listFeeds(store.db)).filter(
      ({ status }) => status === 'active' || status === 'paused',
    );
    const there = all.filter(({ url }) => !isArchiveUrl(url));
    output.out(flags.byPublisher ? byPublisher(dossier, there) : await asListed(store, dossier, there));
    const imports = all.length - there.length;
    const without = imports === 0 ? '' : `; ${imports} that stand for imports have no address to export`;
    output.err(`${counted(there.length, 'feed')}${without}\n`);
    const secret = there.filter(({ url }) => withoutPasswords(url) !== url).length;
    if (secret > 0) output.err(`warning: the list holds passwords, in the URLs of ${secret} of its feeds\n`);
  });
}

/** `feeds export`: the list, as OPML. */
export function feedsExportCommand(feeds: Command, output: Output): void {
  feeds
    .command('export')
    .description('print all feeds that are polled or paused as OPML 2.0')
    .option('--by-publisher', 'under their publishers, as the feeds.opml of a dossier wants them')
    .addHelpText(
      'after',
      '\nFeeds stand where the lists have them that they came with: folders, order, comments and the attributes of other readers\n' +
        'come out as they went in. Every feed reader takes the list, and "feeds import" all of it: ids, languages, pauses and options.',
    )
    .action((flags: Flags) => exportFeeds(flags, output));
}
