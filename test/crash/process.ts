import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import type { Role } from '../../src/workers/roles.ts';
import { startTalk } from './talk.ts';
import type { Ended as TalkEnded } from './talk.ts';

/** What a process is to do. */
export interface Orders {
  readonly url: string;
  /** Where the queues are; null for the database. */
  readonly redisUrl: string | null;
  /** The folder of its dossier. */
  readonly dossier: string;
  readonly hook: string;
  /** Where it answers hubs, on this machine. */
  readonly callbackPort: number;
  /** Says how many pushes nobody has taken yet. */
  readonly pushesLeft: string;
  readonly roles: readonly Role[];
  /** How far its clock is ahead: what processes before it have claimed has lapsed by then. */
  readonly aheadMs: number;
  /** Between two polls of a feed. */
  readonly pollMs: number;
  readonly failpoint: { readonly name: string; readonly nth: number } | null;
  /** Ends without waiting for feeds that are claimed: a claim whose job was lost lapses after minutes only. */
  readonly leavesClaims: boolean;
  /** Where no work that is left has moved for so long it never will be quiet. */
  readonly quietMs: number;
  /** Generated items to import, beside the feeds. */
  readonly archive: Archive | null;
}

export interface Archive {
  readonly from: number;
  readonly to: number;
  readonly of: number;
}

export type Word =
  { readonly said: 'started' | 'settled' } | { readonly said: 'imported'; readonly done: number };

export interface Ended extends TalkEnded {
  readonly words: readonly Word[];
}

export interface Product {
  readonly process: ChildProcess;
  /** What it has said so far. */
  readonly words: readonly Word[];
  /** Gives it its orders. */
  begin(orders: Orders): void;
  /** Resolves at `said`, or when it has ended. */
  until(said: Word['said']): Promise<void>;
  readonly ended: Promise<Ended>;
}

/** Starts a process that waits for its orders. */
export function startProduct(): Product {
  const words: Word[] = [];
  const waiting: { readonly said: string; readonly resolve: () => void }[] = [];
  const talk = startTalk<Orders>(join(import.meta.dirname, 'child.ts'), (said) => {
    const word = said as Word;
    words.push(word);
    for (const each of waiting) if (each.said === word.said) each.resolve();
  });
  let living = true;
  const ended = talk.ended.then((end) => {
    living = false;
    for (const each of waiting) each.resolve();
    return { ...end, words };
  });
  return {
    process: talk.process,
    words,
    begin(orders) {
      talk.give(orders);
      talk.endOrders();
    },
    until: (said) =>
      new Promise((resolve) => {
        if (words.some((word) => word.said === said) || !living) resolve();
        else waiting.push({ said, resolve });
      }),
    ended,
  };
}
