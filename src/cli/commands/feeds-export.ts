import type { Command } from 'commander';
import { settings } from '../settings.ts';
import type { Dossier, FeedListing, Publisher } from '../../dossier/dossier.ts';
import { COUNTRY_UNKNOWN, LANG_UNKNOWN, writeFeeds } from '../../dossier/write-feeds.ts';
import type { PublisherId } from '../../events/ids.ts';
import { isArchiveUrl } from '../../ingest/archive-feed.ts';
import { openDossier } from '../../query/dossier.ts';
import { listFeeds } from '../../query/lists.ts';
import type { ListedFeed } from '../../query/lists.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';

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

async function exportFeeds(output: Output): Promise<void> {
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  await withSession(async ({ store }) => {
    const there = (await listFeeds(store.db)).filter(
      ({ status }) => status === 'active' || status === 'paused',
    );
    const feeds = there.filter(({ url }) => !isArchiveUrl(url)).map((feed) => listingOf(dossier, feed));
    const publishers = publishersOf(dossier, new Set(feeds.map(({ publisher }) => publisher)));
    output.out(writeFeeds(`${dossier.name}: feeds`, publishers, feeds));
    const imports = there.length - feeds.length;
    const without = imports === 0 ? '' : `; ${imports} that stand for imports have no address to export`;
    output.err(`${feeds.length} feeds${without}\n`);
  });
}

/** `feeds export`: the list, as OPML. */
export function feedsExportCommand(feeds: Command, output: Output): void {
  feeds
    .command('export')
    .description('print all feeds that are polled or paused as OPML 2.0')
    .addHelpText(
      'after',
      '\nEvery feed reader takes the list; "feeds import" and the feeds.opml of a dossier\ntake all of it: ids, publishers, languages, pauses and options.',
    )
    .action(() => exportFeeds(output));
}
