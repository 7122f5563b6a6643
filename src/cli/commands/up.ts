import type { Command } from 'commander';
import { loadDossier } from '../../dossier/load.ts';
import { openQueues } from '../../workers/queues.ts';
import { ROLES, runWorkers } from '../../workers/run.ts';
import { syncDossier } from '../../workers/sync-dossier.ts';
import { channelsOf } from '../channels.ts';
import { httpClientOf } from '../http.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { untilSignal } from '../signals.ts';

const MINUTE_MS = 60_000;

async function up(output: Output): Promise<void> {
  await withSession(async ({ store, config, log, now }) => {
    const dossier = await loadDossier(config.SHUTTLEWATCH_DOSSIER);
    if (config.SHUTTLEWATCH_CONTACT === null) {
      output.err(
        'SHUTTLEWATCH_CONTACT is not set: publishers cannot see who polls them, and some will refuse\n',
      );
    }
    const http = httpClientOf(config);
    const queues = openQueues(store.url, log);
    const changed = await syncDossier(store, dossier, now());
    const running = await runWorkers({
      store,
      queues,
      dossier,
      http,
      channels: channelsOf(config, http, output.out),
      roles: ROLES,
      ticks: true,
      pollIntervalMs: config.SHUTTLEWATCH_POLL_MINUTES * MINUTE_MS,
      allowPrivate: false,
      now,
      log,
    });
    output.err(
      `watching ${dossier.name} (version ${dossier.version}): ${dossier.feeds.length} feeds, ${dossier.rules.length} rules` +
        `${changed.feeds + changed.rules > 0 ? `, ${changed.feeds + changed.rules} changed` : ''}; stop with Ctrl-C\n`,
    );
    await untilSignal();
    output.err('stopping; once more to stop at once\n');
    await running.stop();
    await http.close();
  });
}

/** `up`: everything in one process. */
export function upCommand(program: Command, output: Output): void {
  program
    .command('up')
    .description('watch: poll the feeds of the dossier, tag what comes, print alerts; until stopped')
    .action(() => up(output));
}
