import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { PACKAGE_ROOT } from '../../config.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { withFeeds } from '../../dossier/load.ts';
import { openDossier } from '../../query/dossier.ts';
import { makeAllDue, readPlans } from '../../store/feed-schedule.ts';
import type { Store } from '../../store/store.ts';
import { ROLES } from '../../workers/roles.ts';
import { settle } from '../../workers/settle.ts';
import type { SettleDeps } from '../../workers/settle.ts';
import { demoSummary } from '../demo-summary.ts';
import { FIXTURE_ORIGIN, serveFixtures } from '../fixture-server.ts';
import type { FixtureServer } from '../fixture-server.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { settings } from '../settings.ts';
import { withWorkers } from '../workers.ts';

/** What the demo's own data folder ends with; one that does already is its own. */
const DEMO_SUFFIX = '-demo';
const DAY_MS = 86_400_000;
const LOOK_EVERY_MS = 25;
/** A round that is not over by then never will be: the slowest feed answers after two seconds. */
const ROUND_MS_MAX = 60_000;
const FIXTURES = join(PACKAGE_ROOT, 'fixtures/demo');

/** The dossier as it is, watching the invented feeds of the fixtures instead of its own. */
async function demoDossier(dossier: Dossier, origin: string): Promise<Dossier> {
  const listed = await readFile(join(FIXTURES, 'feeds.opml'), 'utf8');
  return withFeeds(dossier, listed.replaceAll(FIXTURE_ORIGIN, origin));
}

/** Waits until every feed has been polled since `since`. */
async function polledAll(store: Store, feeds: number, since: Date): Promise<void> {
  const end = performance.now() + ROUND_MS_MAX;
  for (;;) {
    const plans = (await readPlans(store.db)).filter((plan) => plan.enabled);
    const polled = plans.filter((plan) => plan.lastPolledAt !== null && plan.lastPolledAt >= since);
    if (plans.length >= feeds && polled.length === plans.length) return;
    if (performance.now() > end)
      throw new Error(`only ${polled.length} of ${plans.length} feeds were polled`);
    await setTimeout(LOOK_EVERY_MS);
  }
}

interface Round extends SettleDeps {
  readonly names: readonly string[];
  readonly feeds: number;
}

/** Polls every feed once, and waits until all that follows from it is done. */
async function round(deps: Round): Promise<void> {
  const since = deps.now();
  await makeAllDue(deps.store.db, since);
  await polledAll(deps.store, deps.feeds, since);
  await settle(deps, deps.names, { waitFor: ['ingest', 'classify', 'deliver'] });
}

async function rounds(deps: Round, server: FixtureServer, output: Output): Promise<void> {
  const known = (await readPlans(deps.store.db)).some((plan) => plan.lastGoodAt !== null);
  if (known) {
    output.out('These feeds were read before: what they still hold is known, and nothing should repeat.\n\n');
  } else {
    output.out(
      'First poll: whatever the feeds hold by now is old news, tagged and kept, and wakes nobody.\n\n',
    );
    await round(deps);
    output.out(
      'A few days later: new items, a revised headline, copies of one wire story in several papers.\n\n',
    );
  }
  server.setEdition(2);
  await round(deps);
}

async function demo(session: Session, server: FixtureServer, output: Output): Promise<void> {
  const { store, config } = session;
  const dossier = await demoDossier(await openDossier(config.SHUTTLEWATCH_DOSSIER), server.url);
  // Rounds decide when to poll here, not the clock.
  const options = { dossier, roles: ROLES, ticks: true, pollIntervalMs: DAY_MS, allowPrivate: true };
  await withWorkers(session, options, output, async (working) => {
    await rounds({ ...working, feeds: dossier.feeds.length }, server, output);
    output.out(await demoSummary(store, config.SHUTTLEWATCH_DATA, output.columns));
  });
}

/** `demo`: the real pipeline over invented feeds. */
export function demoCommand(program: Command, output: Output): void {
  program
    .command('demo')
    .description(
      'see it work: the real pipeline over invented feeds, served from this machine, in a data folder of its own',
    )
    .action(async () => {
      const { SHUTTLEWATCH_DATA: data } = settings();
      const server = await serveFixtures({ folder: FIXTURES });
      try {
        await withSession((session) => demo(session, server, output), {
          DATABASE_URL: null,
          SHUTTLEWATCH_DATA: resolve(data.endsWith(DEMO_SUFFIX) ? data : `${data}${DEMO_SUFFIX}`),
          // A feed that is gone and one that is broken are part of the show; the summary tells of them.
          SHUTTLEWATCH_LOG: 'error',
        });
      } finally {
        await server.close();
      }
    });
}
