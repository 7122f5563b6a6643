import { FeedParseError } from './parsed.ts';
import { urlOf } from './parser-job.ts';
import type { ParserJob, ParserResults } from './parser-job.ts';
import { ParserProcess } from './parser-process.ts';
import type { JobEnd, ProcessLimits } from './parser-process.ts';
import { cut } from './text.ts';

export interface PoolLimits extends ProcessLimits {
  readonly processesMax: number;
  /** How long a process waits for another job before it is ended. */
  readonly idleMs: number;
}

/** Parser processes: started when there is something to read, few, ended when there is not. */
export interface ParserPool {
  /**
   * Has a document read. Jobs wait in line for a process, however many there are; the limit of time counts from when one
   * has taken it up. Rejects with FeedParseError for what cannot be read within the limits: `too-slow`, `too-much-memory`,
   * or `crashed` when it ended two processes in a row or met a fault in the parser, the cause being what they said or its stack; and with an Error when no process can be started.
   */
  run<J extends ParserJob>(job: J): Promise<ParserResults[J['kind']]>;
  /** Ends the processes without a job, and waits until they are gone. What comes later starts new ones. */
  endIdle(): Promise<void>;
  /** Of the processes there are now. */
  readonly pids: readonly number[];
}

/** Times a document is given to a process: one that is ended from outside says nothing about it. */
const TRIES_MAX = 2;
/** Characters of a fault in the parser that its trouble names; it may quote the document. */
const FAULT_CHARS_MAX = 200;

function firstLine(stack: string): string {
  return cut(stack.split('\n', 1)[0] ?? '', FAULT_CHARS_MAX);
}

class Pool implements ParserPool {
  readonly #program: URL;
  readonly #limits: PoolLimits;
  /** All that live, those that are on their way out included: never more than there may be. */
  readonly #living = new Set<ParserProcess>();
  /** Those without a job, and what will end them. The one that worked last is taken first, so that the others can go. */
  readonly #idle: { readonly process: ParserProcess; readonly timer: NodeJS.Timeout }[] = [];
  readonly #waiting: ((taken: ParserProcess) => void)[] = [];

  constructor(program: URL, limits: PoolLimits) {
    this.#program = program;
    this.#limits = limits;
    // A process at work would find out too late that nobody waits for it any more.
    process.once('exit', () => {
      for (const living of this.#living) living.end();
    });
  }

  get pids(): readonly number[] {
    return [...this.#living].flatMap(({ pid }) => pid ?? []);
  }

  async run<J extends ParserJob>(job: J): Promise<ParserResults[J['kind']]> {
    for (let tries = 1; ; tries += 1) {
      const end = await this.#tryOnce(job);
      switch (end.kind) {
        case 'done':
          // The program answers a job with its own kind of result.
          return end.result as ParserResults[J['kind']];
        case 'refused':
          throw new FeedParseError(urlOf(job), end.fault, end.detail);
        case 'broken':
          // A fault of ours, and all the same trouble with this document: read again at once it would come to the same.
          throw new FeedParseError(urlOf(job), 'crashed', `reading it failed: ${firstLine(end.stack)}`, {
            cause: new Error(end.stack),
          });
        case 'lost':
          if (tries === TRIES_MAX)
            throw new FeedParseError(
              urlOf(job),
              'crashed',
              `reading it ended the parser: ${firstLine(end.how)}`,
              { cause: new Error(end.how) },
            );
      }
    }
  }

  async endIdle(): Promise<void> {
    const ending = this.#idle.splice(0);
    for (const { process: idle, timer } of ending) {
      clearTimeout(timer);
      idle.end();
    }
    await Promise.all(ending.map(({ process: idle }) => idle.ended()));
  }

  async #tryOnce(job: ParserJob): Promise<JobEnd> {
    const taken = await this.#take();
    const fault = await taken.start();
    if (fault !== null) {
      taken.end();
      this.#giveBack(taken);
      throw new Error(`no parser process: ${fault}`);
    }
    const end = await taken.run(job);
    this.#giveBack(taken);
    return end;
  }

  #take(): Promise<ParserProcess> {
    const idle = this.#idle.pop();
    if (idle !== undefined) {
      clearTimeout(idle.timer);
      return Promise.resolve(idle.process);
    }
    if (this.#living.size < this.#limits.processesMax) return Promise.resolve(this.#begin());
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  #begin(): ParserProcess {
    const begun = new ParserProcess(this.#program, this.#limits);
    this.#living.add(begun);
    void begun.ended().then(() => {
      this.#forget(begun);
    });
    return begun;
  }

  /** One that is gone makes room for another, should anybody wait. */
  #forget(gone: ParserProcess): void {
    this.#living.delete(gone);
    this.#leave(gone);
    if (this.#living.size < this.#limits.processesMax) this.#waiting.shift()?.(this.#begin());
  }

  /** Takes one out of those without a job, should it be among them. */
  #leave(leaving: ParserProcess): void {
    const at = this.#idle.findIndex(({ process: idle }) => idle === leaving);
    for (const { timer } of at < 0 ? [] : this.#idle.splice(at, 1)) clearTimeout(timer);
  }

  #giveBack(free: ParserProcess): void {
    if (!free.isAlive) return;
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next(free);
      return;
    }
    const timer = setTimeout(() => {
      this.#leave(free);
      free.end();
    }, this.#limits.idleMs).unref();
    this.#idle.push({ process: free, timer });
  }
}

/** A pool of processes that run `program`. */
export function createParserPool(program: URL, limits: PoolLimits): ParserPool {
  return new Pool(program, limits);
}
