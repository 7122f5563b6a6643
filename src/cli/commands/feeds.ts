import type { Command } from 'commander';
import { listFeeds } from '../../query/lists.ts';
import type { ListedFeed } from '../../query/lists.ts';
import { listPushes } from '../../query/pushes.ts';
import { pushLines } from '../feed-pushes.ts';
import { troubleLines } from '../feed-trouble.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { namesUnknown } from '../subcommands.ts';
import { withSession } from '../session.ts';
import { feedsAddCommand } from './feeds-add.ts';
import { feedsChangeCommands } from './feeds-change.ts';
import { feedsCheckCommand } from './feeds-check.ts';
import { feedsExportCommand } from './feeds-export.ts';
import { feedsImportCommand } from './feeds-import.ts';
import { feedsSetCommand } from './feeds-set.ts';

const NO_FEEDS = 'no feeds yet: "up" takes them from the dossier, "ingest" makes one for each source\n';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

function health(feed: ListedFeed, isPast: boolean): string {
  if (feed.statusReason !== null) return `${feed.status}: ${feed.statusReason}`;
  if (feed.failure !== null) return `${feed.failure.kind} trouble, see below`;
  if (feed.nextDueAt === null && feed.url.startsWith('archive:')) return 'imported, not polled';
  return feed.lastOutcome ?? (isPast ? '' : 'not polled yet');
}

/** What is switched on, in the words of "feeds set". */
function switchedOn({ options }: ListedFeed): string {
  return [options.fullText ? 'full text' : '', options.allowPrivate ? 'private' : '']
    .filter((word) => word !== '')
    .join(', ');
}

async function list(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store, now }) => {
    const past = await pastAsked(store.db, flags, output);
    if (past !== null) output.err('when feeds were polled is known for the present only, and left empty\n');
    const feeds = await listFeeds(store.db, past?.position ?? null);
    // Hubs are known for the present only.
    const pushes = past === null ? await listPushes(store.db) : [];
    if (flags.json) {
      const pushed = new Map(pushes.map(({ feed, ...push }) => [feed, push]));
      output.out(json(feeds.map((feed) => ({ ...feed, push: pushed.get(feed.feed) ?? null }))));
      return;
    }
    if (feeds.length === 0) {
      output.err(past === null ? NO_FEEDS : 'no feeds yet\n');
      return;
    }
    const rows = feeds.map((feed) => [
      feed.feed,
      feed.status,
      feed.lang ?? '',
      switchedOn(feed),
      feed.items.toString(),
      moment(feed.lastItemAt),
      moment(feed.lastGoodAt),
      health(feed, past !== null),
    ]);
    const head = [
      'feed',
      'status',
      'lang',
      'options',
      'items',
      'last item (UTC)',
      'last good poll',
      'health',
    ];
    const troubles = troubleLines(feeds);
    const pushed = pushLines(pushes, now());
    output.out(
      table(head, rows, output.columns) +
        (troubles === '' ? '' : `\nin trouble:\n${troubles}`) +
        (pushed === '' ? '' : `\nhubs:\n${pushed}`),
    );
  });
}

/** `feeds`: every feed and how it is, and what people do with them. */
export function feedsCommand(program: Command, output: Output): void {
  const feeds = program
    .command('feeds')
    .description('what is polled, and how it is: list, add, set, pause, remove, check, import, export');
  namesUnknown(
    feeds,
    knownAtOption(feeds.command('list', { isDefault: true }))
      .description('list feeds with their health')
      .option('--json', 'print JSON')
      .action((flags: Flags) => list(flags, output)),
  );
  feedsAddCommand(feeds, output);
  feedsChangeCommands(feeds, output);
  feedsSetCommand(feeds, output);
  feedsCheckCommand(feeds, output);
  feedsImportCommand(feeds, output);
  feedsExportCommand(feeds, output);
}
