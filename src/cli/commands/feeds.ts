import type { Command } from 'commander';
import type { FeedId } from '../../events/ids.ts';
import { hostWaits } from '../../query/host-waits.ts';
import type { HostWait } from '../../query/host-waits.ts';
import { listFeeds } from '../../query/lists.ts';
import { listPushes } from '../../query/pushes.ts';
import { withoutPasswords } from '../../log/without-passwords.ts';
import { pushLines } from '../feed-pushes.ts';
import { expectations } from '../../query/silence.ts';
import type { Expectation } from '../../query/silence.ts';
import { silenceLines, waitLines } from '../feed-rhythm.ts';
import { feedTable } from '../feed-table.ts';
import { troubleLines } from '../feed-trouble.ts';
import { jsonShown } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { wrapHanging } from '../wrap.ts';
import { namesUnknown } from '../subcommands.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { feedsAddCommand } from './feeds-add.ts';
import { feedsChangeCommands } from './feeds-change.ts';
import { feedsCheckCommand } from './feeds-check.ts';
import { feedsExportCommand } from './feeds-export.ts';
import { feedsImportCommand } from './feeds-import.ts';
import { feedsSetCommand } from './feeds-set.ts';

/** A feed that is due for less is not late. */
const LATE_MS_MIN = 30_000;
const NOTHING: Present = { expected: new Map(), waits: new Map(), pushes: [] };
const NO_FEEDS = 'no feeds yet: "up" takes them from the dossier, "ingest" makes one for each source\n';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

/** What is kept for the present only. */
interface Present {
  /** What is normal for each feed, and whose host keeps it waiting. */
  readonly expected: ReadonlyMap<FeedId, Expectation>;
  readonly waits: ReadonlyMap<FeedId, HostWait>;
  /** What hubs offer and do. */
  readonly pushes: Awaited<ReturnType<typeof listPushes>>;
}

async function present({ store, now }: Session): Promise<Present> {
  const at = now();
  const [expected, waits, pushes] = await Promise.all([
    expectations(store.db, at),
    hostWaits(store.db, at, new Date(at.getTime() - LATE_MS_MIN)),
    listPushes(store.db),
  ]);
  return { expected, waits, pushes };
}

const headed = (head: string, lines: string): string => (lines === '' ? '' : `\n${head}:\n${lines}`);

async function list(flags: Flags, output: Output): Promise<void> {
  await withSession(async (session) => {
    const { store } = session;
    const past = await pastAsked(store.db, flags, output);
    if (past !== null) output.err('when feeds were polled is known for the present only, and left empty\n');
    const feeds = await listFeeds(store.db, past?.position ?? null);
    const { expected, waits, pushes } = past === null ? await present(session) : NOTHING;
    if (flags.json) {
      const pushed = new Map(pushes.map(({ feed, ...push }) => [feed, push]));
      const told = feeds.map((feed) => ({
        ...feed,
        expectation: expected.get(feed.feed) ?? null,
        waitsForHost: waits.get(feed.feed) ?? null,
        push: pushed.get(feed.feed) ?? null,
      }));
      output.out(jsonShown(told));
      return;
    }
    if (feeds.length === 0) {
      output.err(past === null ? NO_FEEDS : 'no feeds yet\n');
      return;
    }
    const [now, zone] = [session.now(), session.config.SHUTTLEWATCH_ZONE];
    const shown = {
      ...{ feeds, expected, waits, now: past === null ? now : null },
      pushed: new Set(pushes.flatMap((push) => (push.state === 'active' ? push.feed : []))),
    };
    const told = [
      headed('in trouble', troubleLines(feeds)),
      headed('silent for longer than is normal', silenceLines(expected, now, zone)),
      headed('late because of their hosts', waitLines(waits, now)),
      headed('hubs', pushLines(pushes, now)),
    ];
    output.out(
      feedTable(shown, output.columns) + wrapHanging(withoutPasswords(told.join('')), output.columns),
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
