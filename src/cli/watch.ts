import type { Dossier } from '../dossier/dossier.ts';
import { isArchiveUrl } from '../ingest/archive-feed.ts';
import { openDossier } from '../query/dossier.ts';
import type { Db } from '../store/database.ts';
import { readFeeds } from '../workers/feeds.ts';
import type { Role } from '../workers/roles.ts';
import type { Output } from './output.ts';
import { paceOf } from './poll-pace.ts';
import { withSession } from './session.ts';
import { untilSignal } from './signals.ts';
import { counted } from './words.ts';
import { withWorkers } from './workers.ts';
import type { Working } from './workers.ts';

/** The feeds that are polled, whether the dossier lists them or somebody added them by hand. */
async function countPolled(db: Db): Promise<number> {
  const feeds = [...(await readFeeds(db)).values()];
  return feeds.filter(({ state }) => state.status === 'active' && !isArchiveUrl(state.url ?? '')).length;
}

function greet(
  { name, version, rules }: Dossier,
  feeds: number,
  roles: readonly Role[],
  { changed, channels }: Working,
  output: Output,
): void {
  const changes = changed.feeds + changed.rules;
  const news = changes > 0 ? ` (${changes} changed)` : '';
  output.err(
    `watching ${name}, version ${version}: ${counted(feeds, 'feed')}, ${counted(rules.length, 'rule')}${news}; ` +
      `this process: ${roles.join(', ')}; stop with Ctrl-C\n`,
  );
  if (!roles.includes('deliver')) return;
  for (const channel of new Set(rules.flatMap((rule) => rule.channels))) {
    if (!channels.has(channel))
      output.err(`channel ${channel} is not set up here: its alerts wait for a process that has it\n`);
  }
}

/** Runs `roles` in this process until it is told to stop. Throws when a consumer has halted meanwhile. */
export async function watch(roles: readonly Role[], output: Output): Promise<void> {
  await withSession(async (session) => {
    const { config } = session;
    const dossier = await openDossier(config.SHUTTLEWATCH_DOSSIER);
    if (roles.includes('ingest') && config.SHUTTLEWATCH_CONTACT === null) {
      output.err(
        'SHUTTLEWATCH_CONTACT is not set: publishers cannot see who polls them, and some will refuse\n',
      );
    }
    const options = {
      dossier,
      roles,
      ticks: true,
      ...paceOf(config),
      allowPrivate: false,
    };
    const halted = await withWorkers(session, options, output, async (working) => {
      greet(dossier, await countPolled(session.store.db), roles, working, output);
      await untilSignal();
      output.err('stopping; once more to stop at once\n');
      return [...working.running.halted.keys()];
    });
    if (halted.length > 0) throw new Error(`halted before the end: ${halted.join(', ')}`);
  });
}
