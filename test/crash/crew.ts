import { setTimeout } from 'node:timers/promises';
import type { Random } from '../../bench/random.ts';
import { Desk } from './desk.ts';
import { Ledger } from './ledger.ts';
import type { Order } from './log-child.ts';
import type { Job } from './log-jobs.ts';
import { startWorker } from './worker.ts';
import type { Worker } from './worker.ts';

const IDLE_MS = 20;
const COMPLAINT_CHARS_MAX = 2_000;
/** A victim that has not come by its failpoint by then never will. */
const VICTIM_MS_MAX = 10_000;
const CLOCK_SKEW_MS = 60_000;

/** Gives the next job of a process; null when there is none just now. */
export type NextJob = () => Job | null;

interface Post {
  readonly next: NextJob;
  worker: Worker | null;
  /** What it works on. */
  job: Job | null;
}

/** Processes that work on one log, each replaced when it was killed, and what they have to say. */
export class Crew {
  readonly ledger = new Ledger();
  readonly desk: Desk;
  /** Laws that one of them saw broken, and ends that nobody asked for. */
  readonly complaints: string[] = [];
  readonly jobsDone = new Map<string, number>();
  readonly #url: string;
  readonly #source: Random;
  readonly #posts: Post[] = [];
  readonly #killed = new WeakSet<Worker>();
  #spare: Worker;
  #isOver = false;
  #living: Promise<void>[] = [];

  constructor(url: string, items: number, source: Random) {
    this.#url = url;
    this.#source = source;
    this.desk = new Desk(items);
    this.#spare = this.#start();
  }

  /** The next thing to write, as a job. */
  readonly writing: NextJob = () => {
    const range = this.desk.take();
    return range === null ? null : { kind: 'append', ...range };
  };

  /** Keeps a process at work on what `next` gives; gives the means to kill it, false when it has nothing in hand. */
  post(next: NextJob): () => boolean {
    const post: Post = { next, worker: null, job: null };
    this.#posts.push(post);
    this.#living.push(this.#keep(post));
    return () => this.#killAt(post);
  }

  /** Kills one that has something in hand; false when none has. */
  killOne(): boolean {
    const busy = this.#posts.filter(({ worker, job }) => worker !== null && job !== null);
    return busy.length > 0 && this.#killAt(this.#source.pick(busy));
  }

  /** Lets a process do `job` until it kills itself at a failpoint. False when it never came by. */
  async killAt(job: Job, name: string, nth: number): Promise<boolean> {
    const worker = this.#take();
    const late = new AbortController();
    void setTimeout(VICTIM_MS_MAX, undefined, { signal: late.signal }).then(
      () => {
        this.#kill(worker);
      },
      () => undefined,
    );
    const done = await this.#do(worker, job, { name, nth });
    if (done) worker.dismiss();
    const { signal, code, complaints } = await worker.ended;
    late.abort();
    if (signal === null && code !== 0) this.#complain(job, complaints);
    return signal === 'SIGKILL' && !this.#killed.has(worker);
  }

  /** Kills all that are left. */
  async end(): Promise<void> {
    this.#isOver = true;
    this.#kill(this.#spare);
    for (const { worker } of this.#posts) if (worker !== null) this.#kill(worker);
    await Promise.all(this.#living);
    this.#living = [];
  }

  #start(): Worker {
    return startWorker((word) => {
      if (word.said === 'acknowledged') this.ledger.note(word.events);
      else this.complaints.push(word.law);
    });
  }

  #take(): Worker {
    const worker = this.#spare;
    this.#spare = this.#start();
    return worker;
  }

  #killAt({ worker, job }: Post): boolean {
    if (worker === null || job === null) return false;
    this.#kill(worker);
    return true;
  }

  #kill(worker: Worker): void {
    this.#killed.add(worker);
    worker.process.kill('SIGKILL');
  }

  async #do(worker: Worker, job: Job, failpoint: Order['failpoint']): Promise<boolean> {
    const aheadMs = this.#source.below(CLOCK_SKEW_MS);
    const done = await worker.work({ url: this.#url, aheadMs, failpoint, job });
    if (job.kind === 'append') this.desk.settle(job, done);
    if (done) this.jobsDone.set(job.kind, (this.jobsDone.get(job.kind) ?? 0) + 1);
    return done;
  }

  #complain(job: Job, text: string): void {
    this.complaints.push(`ended by itself over ${JSON.stringify(job)}: ${text.slice(-COMPLAINT_CHARS_MAX)}`);
  }

  /** Works on what there is until the process is killed; false when it is all over before. */
  async #workOff(post: Post, worker: Worker): Promise<boolean> {
    while (!this.#isOver) {
      const job = post.next();
      post.job = job;
      if (job === null) await setTimeout(IDLE_MS);
      else if (!(await this.#do(worker, job, null))) return true;
    }
    return false;
  }

  async #keep(post: Post): Promise<void> {
    while (!this.#isOver) {
      const worker = this.#take();
      post.worker = worker;
      if (!(await this.#workOff(post, worker))) this.#kill(worker);
      const { signal, complaints } = await worker.ended;
      if (signal !== 'SIGKILL' && post.job !== null) this.#complain(post.job, complaints);
      post.worker = null;
      post.job = null;
    }
  }
}
