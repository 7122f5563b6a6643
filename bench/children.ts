/** The product's processes as a user starts them: children of the built CLI. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { onSignal } from './cleanup.ts';
import { endedChildrenCpuSeconds, peakMemoryMb, treeCpuSeconds } from './processes.ts';

export const CLI = resolve('dist/cli/main.js');
const SAMPLE_MS = 200;
const STOP_MS_MAX = 30_000;
/** Characters kept of what a child says on stderr, to be shown when it fails. */
const SAID_CHARS_MAX = 4_000;

export type Settings = Readonly<Record<string, string>>;

/** A running process of the product. */
export interface Child {
  readonly name: string;
  readonly process: ChildProcess;
  /** What it wrote on stdout so far. */
  out(): string;
  /** The last of what it wrote on stderr. */
  said(): string;
  /** Its most resident memory in MB, as far as it was seen. */
  peakMb: number;
}

/** The children of one run, with what they cost. */
export class Children {
  #children: Child[] = [];
  readonly #settings: Settings;
  readonly #sampling: NodeJS.Timeout;
  readonly #stopped: () => void;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#sampling = setInterval(() => void this.#sample(), SAMPLE_MS);
    this.#stopped = onSignal(() => this.stop());
  }

  /** Runs a script of Node. Nothing of this process's own settings reaches it. */
  start(name: string, args: readonly string[], more: Settings = {}): Child {
    const env = { PATH: process.env['PATH'], ...this.#settings, ...more };
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out = (out + text).slice(-1e6)));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-SAID_CHARS_MAX);
    });
    const started = { name, process: child, out: () => out, said: () => said, peakMb: 0 };
    this.#children.push(started);
    return started;
  }

  /** Waits for a child to end; throws with what it said when it failed. */
  async ended(child: Child): Promise<void> {
    const { process: running } = child;
    if (running.exitCode === null && running.signalCode === null) await once(running, 'close');
    if (running.exitCode === 0) return;
    const how = running.signalCode ?? `exit code ${String(running.exitCode)}`;
    throw new Error(`${child.name} ended with ${how}:\n${child.said()}`);
  }

  /** Waits until a child says something on stderr; throws when it ends instead. */
  async speaks(child: Child, what: RegExp): Promise<void> {
    while (!what.test(child.said())) {
      if (child.process.exitCode !== null) await this.ended(child);
      await wait(20);
    }
  }

  /** Seconds of CPU of all of them so far; rises steadily, also when one ends. */
  async cpuSeconds(): Promise<number> {
    let seconds = await endedChildrenCpuSeconds();
    for (const { process: child } of this.#children) {
      if (child.pid !== undefined && child.exitCode === null && child.signalCode === null)
        seconds += await treeCpuSeconds(child.pid);
    }
    return seconds;
  }

  /** Leaves those that have ended out of what is told from now on; their CPU stays counted. */
  forget(): void {
    this.#children = this.#children.filter(({ process: child }) => child.exitCode === null);
  }

  /** The most memory each of them had. */
  peaks(): { name: string; mb: number }[] {
    return this.#children.map(({ name, peakMb }) => ({ name, mb: Math.round(peakMb) }));
  }

  /** Stops whatever still runs, and waits for it. */
  async stop(): Promise<void> {
    await this.#sample();
    clearInterval(this.#sampling);
    this.#stopped();
    await Promise.all(
      this.#children.map(async ({ process: child }) => {
        if (child.exitCode !== null || child.signalCode !== null) return;
        child.kill('SIGTERM');
        const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
        await once(child, 'close');
        clearTimeout(force);
      }),
    );
  }

  async #sample(): Promise<void> {
    for (const child of this.#children) {
      const mb = child.process.pid === undefined ? null : await peakMemoryMb(child.process.pid);
      if (mb !== null) child.peakMb = Math.max(child.peakMb, mb);
    }
  }
}
