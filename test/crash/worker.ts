import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Order } from './log-child.ts';
import type { Word } from './log-jobs.ts';
import { startTalk } from './talk.ts';
import type { Ended } from './talk.ts';

/** A process that works on the log. */
export interface Worker {
  readonly process: ChildProcess;
  /** Resolves when the job is done, true, or when the process has ended over it. */
  work(order: Order): Promise<boolean>;
  /** Lets it end when it has done what it was given. */
  dismiss(): void;
  readonly ended: Promise<Ended>;
}

/** Starts a process that waits for a job. */
export function startWorker(hear: (word: Exclude<Word, { said: 'done' }>) => void): Worker {
  let answer: (done: boolean) => void = () => undefined;
  const talk = startTalk<Order>(join(import.meta.dirname, 'log-child.ts'), (said) => {
    const word = said as Word;
    if (word.said === 'done') answer(true);
    else hear(word);
  });
  let isOver = false;
  const ended = talk.ended.then((end) => {
    isOver = true;
    answer(false);
    return end;
  });
  return {
    process: talk.process,
    work: (order) =>
      new Promise((resolve) => {
        answer = resolve;
        if (isOver) resolve(false);
        else talk.give(order);
      }),
    dismiss() {
      talk.endOrders();
    },
    ended,
  };
}
