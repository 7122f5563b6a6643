// A process that works on the log, to be killed: takes jobs as lines of JSON on stdin, one after the other. Told of a
// failpoint, it kills itself there.
import { createInterface } from 'node:readline';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { Trap } from './failpoints.ts';
import { doJob } from './log-jobs.ts';
import type { Job, Word } from './log-jobs.ts';

/** What a process is to do next. */
export interface Order {
  readonly url: string;
  /** How far its clock is ahead. */
  readonly aheadMs: number;
  readonly failpoint: { readonly name: string; readonly nth: number } | null;
  readonly job: Job;
}

const say = (word: Word): boolean => process.stdout.write(`${JSON.stringify(word)}\n`);

async function work(): Promise<void> {
  let opened: Store | null = null;
  for await (const line of createInterface(process.stdin)) {
    const { url, aheadMs, failpoint, job } = JSON.parse(line) as Order;
    const store = (opened ??= openStore(url, () => undefined));
    if (failpoint !== null) new Trap(failpoint.name, failpoint.nth);
    await doJob({ store, now: () => new Date(Date.now() + aheadMs), say }, job);
    say({ said: 'done' });
  }
  await opened?.close();
}

work().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exit(1);
  },
);
