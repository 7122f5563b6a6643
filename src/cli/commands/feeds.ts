import type { Command } from 'commander';
import { listFeeds } from '../../query/lists.ts';
import type { ListedFeed } from '../../query/lists.ts';
import { troubleLines } from '../feed-trouble.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';

function health(feed: ListedFeed): string {
  if (feed.failure !== null) return `${feed.failure.kind} trouble, see below`;
  if (feed.nextDueAt === null) return feed.url.startsWith('archive:') ? 'imported, not polled' : '';
  return feed.lastOutcome ?? 'not polled yet';
}

async function list(flags: { readonly json?: true }, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const feeds = await listFeeds(store.db);
    if (flags.json) {
      output.out(json(feeds));
      return;
    }
    if (feeds.length === 0) {
      output.err('no feeds yet: "up" takes them from the dossier, "ingest" makes one for each source\n');
      return;
    }
    const rows = feeds.map((feed) => [
      feed.feed,
      feed.status,
      feed.lang ?? '',
      feed.items.toString(),
      moment(feed.lastItemAt),
      moment(feed.lastGoodAt),
      health(feed),
    ]);
    const head = ['feed', 'status', 'lang', 'items', 'last item (UTC)', 'last good poll', 'health'];
    const troubles = troubleLines(feeds);
    output.out(table(head, rows, output.columns) + (troubles === '' ? '' : `\nin trouble:\n${troubles}`));
  });
}

/** `feeds list`: every feed and how it is. */
export function feedsCommand(program: Command, output: Output): void {
  const feeds = program.command('feeds').description('what is polled, and how it is');
  feeds
    .command('list', { isDefault: true })
    .description('list feeds with their health')
    .option('--json', 'print JSON')
    .action((flags: { readonly json?: true }) => list(flags, output));
}
