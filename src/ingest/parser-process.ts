import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { extname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FeedParseFault } from './parsed.ts';
import { ordersOf } from './parser-job.ts';
import type { ParserJob, ParserMessage } from './parser-job.ts';

export interface ProcessLimits {
  /** From the moment a job is handed over to its answer. */
  readonly jobMsMax: number;
  /** What V8 may hold at once. What it is given to read, and texts on their way, come on top. */
  readonly heapMbMax: number;
  /** From the start of a process until it is ready. */
  readonly startMsMax: number;
}

/** How a job came out. */
export type JobEnd =
  | { readonly kind: 'done'; readonly result: object }
  | { readonly kind: 'refused'; readonly fault: FeedParseFault; readonly detail: string }
  /** A fault in the program. */
  | { readonly kind: 'broken'; readonly stack: string }
  /** The process ended without an answer. */
  | { readonly kind: 'lost'; readonly how: string };

/** A process that nobody is left to end ends itself when a job takes this many times as long as it may. */
const ORPHAN_TIMES = 3;
// What is new has a place of three times this, which the limit of the heap does not count.
const SEMI_SPACE = '--max-semi-space-size=8';
/** Characters kept of what a process says on stderr, for when it ends unasked. */
const SAID_CHARS_MAX = 2_000;
/** The exit code where there are no signals: what Node gives for SIGABRT. */
const ABORTED_CODE = 134;
// Beyond TZ: what Node needs on Windows, and where a compiler of the sources may keep files. Nothing else, as settings carry
// secrets.
const ENV_KEPT = ['SystemRoot', 'TMPDIR', 'TMP', 'TEMP'];

function endOf(
  message: Exclude<ParserMessage, { kind: 'items' | 'ready' }> | JobEnd,
  items: unknown[],
): JobEnd {
  if (message.kind !== 'done' || 'result' in message) return message;
  return { kind: 'done', result: message.hasItems ? { ...message.rest, items } : message.rest };
}

function environment(): NodeJS.ProcessEnv {
  const kept = ENV_KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { TZ: 'UTC', ...Object.fromEntries(kept) };
}

/** What Node needs to run a program: a compiler where it is TypeScript, and this Node does not read that by itself. */
function loader(program: URL): string[] {
  if (extname(program.pathname) !== '.ts' || (process.features as { typescript?: unknown }).typescript)
    return [];
  return ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

/**
 * A process that reads documents, one at a time, under limits that hold whatever is in them. It is a process and no thread because a thread's
 * limits do not: V8 ends the whole process when a single step of a thread (a map that grows, JSON.parse) wants more than its
 * heap has left, and a thread cannot be ended within such a step, as long as that takes.
 */
export class ParserProcess {
  readonly #child: ChildProcess;
  readonly #limits: ProcessLimits;
  readonly #started: Promise<string | null>;
  #said = '';
  /** Gives the job in hand its end, or says that a start failed or succeeded. */
  #hear: (message: ParserMessage | JobEnd) => void = () => undefined;

  constructor(program: URL, limits: ProcessLimits) {
    this.#limits = limits;
    this.#child = fork(fileURLToPath(program), [String(ORPHAN_TIMES * limits.jobMsMax)], {
      execArgv: [...loader(program), `--max-old-space-size=${limits.heapMbMax}`, SEMI_SPACE],
      env: environment(),
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.on('message', (message) => {
      this.#hear(message as ParserMessage);
    });
    this.#child.on('error', (error) => {
      this.#hear({ kind: 'lost', how: error.message });
    });
    this.#child.once('exit', (code, signal) => {
      this.#hear(this.#endOf(code, signal));
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-SAID_CHARS_MAX);
    });
    this.#started = this.#start();
  }

  /** Undefined when it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether it can be given another job. */
  get isAlive(): boolean {
    const { connected, killed, exitCode, signalCode } = this.#child;
    return connected && !killed && exitCode === null && signalCode === null;
  }

  /** When it is gone, with all it held. */
  async ended(): Promise<void> {
    const { exitCode, signalCode } = this.#child;
    if (this.pid === undefined || exitCode !== null || signalCode !== null) return;
    await new Promise((resolve) => this.#child.once('exit', resolve));
  }

  /** Ends it at once, whatever it does. */
  end(): void {
    // Held until it is gone: who waits for that would otherwise have nothing to stay for.
    this.#child.ref();
    this.#child.kill('SIGKILL');
  }

  /** Why it cannot be used; null when it can. */
  start(): Promise<string | null> {
    return this.#started;
  }

  /** Has it do a job. It is to be ready, and to have no other in hand. */
  async run(job: ParserJob): Promise<JobEnd> {
    this.#hold(true);
    const items: unknown[] = [];
    const end = await new Promise<JobEnd>((resolve) => {
      const timer = setTimeout(() => {
        // After a pause of our own the answer may be there already, unread: that is seen to first.
        setImmediate(() => {
          this.end();
          resolve({
            kind: 'refused',
            fault: 'too-slow',
            detail: `not read within ${this.#limits.jobMsMax} ms`,
          });
        });
      }, this.#limits.jobMsMax);
      this.#hear = (message) => {
        if (message.kind === 'items') items.push(...message.items);
        if (message.kind === 'items' || message.kind === 'ready') return;
        clearTimeout(timer);
        resolve(endOf(message, items));
      };
      void this.#tell(job);
    });
    this.#hear = () => undefined;
    this.#hold(false);
    return end;
  }

  /** One part after the other has gone: none holds up this process for long. */
  async #tell(job: ParserJob): Promise<void> {
    for (const order of ordersOf(job)) {
      const error = await new Promise<Error | null>((resolve) => this.#child.send(order, resolve));
      if (error === null) continue;
      this.#hear({ kind: 'lost', how: error.message });
      return;
    }
  }

  #start(): Promise<string | null> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.end();
        resolve(`not ready within ${this.#limits.startMsMax} ms`);
      }, this.#limits.startMsMax);
      this.#hear = (message) => {
        clearTimeout(timer);
        resolve(message.kind === 'lost' ? message.how : message.kind === 'ready' ? null : message.kind);
      };
    });
  }

  /** What the end of the process means for the job it had. */
  #endOf(code: number | null, signal: NodeJS.Signals | null): JobEnd {
    if (signal === 'SIGABRT' || code === ABORTED_CODE) {
      const detail = `more than ${this.#limits.heapMbMax} MB needed to read it`;
      return { kind: 'refused', fault: 'too-much-memory', detail };
    }
    return { kind: 'lost', how: `${signal ?? `exit code ${String(code)}`} ${this.#said}`.trim() };
  }

  /** A process at work keeps this one from ending; one that waits does not. */
  #hold(isWorking: boolean): void {
    const { channel } = this.#child;
    // The types leave out that the pipe of stderr is a socket, and that a channel can be held and let go.
    const stderr = this.#child.stderr as Socket | null;
    for (const held of [this.#child, channel as unknown as Socket | null, stderr]) {
      if (isWorking) held?.ref();
      else held?.unref();
    }
  }
}
