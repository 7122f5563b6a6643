import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Role } from '../../src/workers/roles.ts';
import { programOf } from '../support/program.ts';

/** What a process is to do. */
export interface Orders {
  readonly url: string;
  /** Where the queues are; null for the database. */
  readonly redisUrl: string | null;
  /** The folder of its dossier. */
  readonly dossier: string;
  readonly hook: string;
  readonly roles: readonly Role[];
  /** How far its clock is ahead: what processes before it have claimed has lapsed by then. */
  readonly aheadMs: number;
  /** Between two polls of a feed. */
  readonly pollMs: number;
  readonly failpoint: { readonly name: string; readonly nth: number } | null;
  /** Ends without waiting for feeds that are claimed: a claim whose job was lost lapses after minutes only. */
  readonly leavesClaims: boolean;
  /** What is not quiet by then never will be. */
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

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly words: readonly Word[];
  /** The end of what it wrote to stderr. */
  readonly complaints: string;
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

const COMPLAINTS_CHARS_MAX = 14_000;
const living = new Set<ChildProcess>();

/** Starts a process that waits for its orders. */
export function startProduct(): Product {
  const program = programOf(join(import.meta.dirname, 'child.ts'));
  const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'pipe'] });
  living.add(child);
  const words: Word[] = [];
  const waiting: { readonly said: string; readonly resolve: () => void }[] = [];
  let complaints = '';
  createInterface(child.stdout).on('line', (line) => {
    const word = JSON.parse(line) as Word;
    words.push(word);
    for (const { said, resolve } of waiting) if (said === word.said) resolve();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-COMPLAINTS_CHARS_MAX);
  });
  // One that is killed before it reads its orders breaks the pipe.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      living.delete(child);
      for (const each of waiting) each.resolve();
      resolve({ code, signal, words, complaints });
    });
  });
  return {
    process: child,
    words,
    begin(orders) {
      child.stdin.end(`${JSON.stringify(orders)}\n`);
    },
    until: (said) =>
      new Promise((resolve) => {
        if (words.some((word) => word.said === said) || !living.has(child)) resolve();
        else waiting.push({ said, resolve });
      }),
    ended,
  };
}

/** Ends every process that was started here: nothing of a failed run may live on. */
export function endAll(): void {
  for (const child of living) child.kill('SIGKILL');
}
