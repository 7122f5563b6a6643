import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import { queuePlace } from '../../workers/queue-backend.ts';
import { openQueues } from '../../workers/queues.ts';
import type { Queues } from '../../workers/queues.ts';
import { json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { untilSignal } from '../signals.ts';
import { LiveScreen } from '../status/live-screen.ts';
import { takeSnapshot } from '../status/snapshot.ts';
import type { Snapshot } from '../status/snapshot.ts';
import { statusText } from '../status/text.ts';
import { packageVersion } from '../version.ts';

interface Flags {
  readonly once?: true;
  readonly json?: true;
}

const REFRESH_MS = 2_000;

function snapshot({ store, config }: Session, queues: Queues): Promise<Snapshot> {
  return takeSnapshot(store.db, queues, new Date(), config.SHUTTLEWATCH_ZONE);
}

/** Paints until `q`, Ctrl-C or a signal. A database that goes away for a while is said, and asked again. */
async function live(session: Session, queues: Queues): Promise<void> {
  const { stdin, stdout } = process;
  const quitting = new AbortController();
  const quit = (): void => {
    quitting.abort();
  };
  const screen = new LiveScreen({ input: stdin, output: stdout }, quit);
  const giveBack = (): void => {
    screen.close();
  };
  process.once('exit', giveBack);
  void untilSignal().then(quit);
  const { signal } = quitting;
  let last = '';
  try {
    while (!signal.aborted) {
      try {
        last = statusText(await snapshot(session, queues), stdout.columns, packageVersion());
        screen.paint(`${last}\nq to leave`);
      } catch (error) {
        screen.paint(`${last}\ncannot be looked at just now, tried again: ${messageOf(error)}`);
      }
      await setTimeout(REFRESH_MS, undefined, { signal }).catch(() => undefined);
    }
  } finally {
    giveBack();
    process.off('exit', giveBack);
  }
}

async function status(flags: Flags, output: Output): Promise<void> {
  await withSession(async (session) => {
    const isLive = process.stdout.isTTY && !flags.once && !flags.json;
    // Lines in between would tear the screen.
    if (isLive) session.log.level = 'silent';
    const queues = openQueues(queuePlace(session.config.REDIS_URL, session.store.url), session.log);
    try {
      if (isLive) {
        await live(session, queues);
        return;
      }
      const taken = await snapshot(session, queues);
      output.out(flags.json ? json(taken) : statusText(taken, output.columns, packageVersion()));
    } finally {
      await queues.close();
    }
  });
}

/** `status`: how everything stands, on one screen. */
export function statusCommand(program: Command, output: Output): void {
  program
    .command('status')
    .description('how everything stands, on one screen; on a terminal it goes on until q')
    .option('--once', 'print it once and end')
    .option('--json', 'print JSON, once')
    .action((flags: Flags) => status(flags, output));
}
