import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { programOf } from '../support/program.ts';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it wrote to stderr. */
  readonly complaints: string;
}

/** A process that takes orders as lines of JSON on stdin, and says what it has done as lines of JSON on stdout. */
export interface Talk<Order> {
  readonly process: ChildProcess;
  give(order: Order): void;
  /** No more orders will come. */
  endOrders(): void;
  /** Resolves when it has ended and all that it said was heard. */
  readonly ended: Promise<Ended>;
}

const COMPLAINTS_CHARS_MAX = 14_000;
const living = new Set<ChildProcess>();

/** Calls `hear` with each whole line: what a killed process said last may be cut off, and counts as not said. */
function hearLines(stream: NodeJS.ReadableStream, hear: (line: string) => void): void {
  let begun = '';
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) hear(line);
  });
}

/** Starts the program of a TypeScript file, one of ours, whose words can be trusted to be what it says they are. */
export function startTalk<Order>(source: string, hear: (word: unknown) => void): Talk<Order> {
  const child = spawn(process.execPath, [programOf(source)], { stdio: ['pipe', 'pipe', 'pipe'] });
  living.add(child);
  let complaints = '';
  hearLines(child.stdout, (line) => {
    hear(JSON.parse(line));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString('utf8')).slice(-COMPLAINTS_CHARS_MAX);
  });
  // One that is killed before it reads its orders breaks the pipe.
  child.stdin.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code, signal) => {
      living.delete(child);
      resolve({ code, signal, complaints });
    });
  });
  return {
    process: child,
    give(order) {
      child.stdin.write(`${JSON.stringify(order)}\n`);
    },
    endOrders() {
      child.stdin.end();
    },
    ended,
  };
}

/** Ends every process that was started here: nothing of a failed run may live on. */
export function endAll(): void {
  for (const child of living) child.kill('SIGKILL');
}
