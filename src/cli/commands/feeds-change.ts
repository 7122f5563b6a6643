import { Option } from 'commander';
import type { Command } from 'commander';
import { settings } from '../settings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { feedId } from '../../events/ids.ts';
import type { FeedId } from '../../events/ids.ts';
import { decidePause, decideRemove, decideResume } from '../../ingest/hand-feeds.ts';
import type { HandDecider } from '../../ingest/hand-feeds.ts';
import { openDossier } from '../../query/dossier.ts';
import { readFeeds } from '../../workers/feeds.ts';
import { changeFeeds } from '../../workers/hand-feeds.ts';
import { unknownText } from '../meant.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { listOption, shortText } from '../usage.ts';

/** Characters of a reason. */
const REASON_CHARS_MAX = 500;
const REASON_DEFAULT = 'by hand';

/** `--reason`: why, for the log. */
export const reasonOption = (): Option =>
  new Option('--reason <text>', 'why, for the log')
    .argParser(shortText(REASON_CHARS_MAX))
    .default(REASON_DEFAULT);

export interface ChangeFlags {
  readonly reason: string;
  readonly json?: true;
}

/** What is done with feeds, and the word for it when it is done. */
export interface FeedChange {
  readonly done: string;
  readonly decide: HandDecider;
}

interface Verb extends FeedChange {
  readonly name: 'pause' | 'resume' | 'remove';
  readonly about: string;
  readonly help: string;
}

const VERBS: readonly Verb[] = [
  {
    name: 'pause',
    done: 'paused',
    about: 'poll feeds no more until they are resumed; a restart does not resume them',
    help: 'What a feed published while it was paused, and still holds when it is resumed, is taken as news then.',
    decide: decidePause,
  },
  {
    name: 'resume',
    done: 'resumed',
    about: 'poll paused feeds again, and take back removed ones',
    help: 'A feed that was removed comes back as if it were new: what it holds by then alerts nobody.',
    decide: decideResume,
  },
  {
    name: 'remove',
    done: 'removed',
    about: 'take feeds off the list; what they brought stays',
    help:
      'This is remembered: a feed that the dossier lists stays removed at the next start\n' +
      'too, until it is added or resumed.',
    decide: decideRemove,
  },
];

/** Throws where a feed is not known to the log, naming those that may have been meant. */
async function requireKnown({ store }: Session, dossier: Dossier, feeds: readonly FeedId[]): Promise<void> {
  const known = await readFeeds(store.db);
  const problems = feeds
    .filter((feed) => !known.has(feed))
    .map((feed) =>
      dossier.feeds.some(({ id }) => id === feed)
        ? `${feed} is in the dossier but not in the log yet: it comes with the next start ("up")`
        : unknownText('feed', feed, known.keys()),
    );
  if (problems.length > 0) throw new Error(`${problems.join('\n')}\nnothing was changed`);
}

/** Does it with all of the feeds named, or with none; throws where one is unknown or refused. */
export async function changeThem(
  feeds: readonly FeedId[],
  flags: ChangeFlags,
  { done, decide }: FeedChange,
  output: Output,
): Promise<void> {
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  await withSession(async (session) => {
    await requireKnown(session, dossier, feeds);
    const changes = await changeFeeds(session, feeds, decide, flags.reason);
    const refused = [...changes.values()].flatMap((one) => (one.kind === 'refused' ? [one.reason] : []));
    if (refused.length > 0) throw new Error(`${refused.join('\n')}\nnothing was changed`);
    if (flags.json) {
      output.out(json([...changes].map(([feed, { kind }]) => ({ feed, changed: kind === 'events' }))));
      return;
    }
    for (const [feed, decision] of changes) {
      output.err(decision.kind === 'events' ? `${done} ${feed}\n` : `${decision.reason}\n`);
    }
  });
}

/** `feeds pause`, `feeds resume`, `feeds remove`: all of the feeds named, or none. */
export function feedsChangeCommands(feeds: Command, output: Output): void {
  for (const verb of VERBS) {
    feeds
      .command(verb.name)
      .description(verb.about)
      .argument('<id...>', 'ids of feeds', listOption(feedId))
      .addOption(reasonOption())
      .option('--json', 'print JSON')
      .addHelpText('after', `\n${verb.help}`)
      .action((ids: FeedId[], flags: ChangeFlags) => changeThem(ids, flags, verb, output));
  }
}
