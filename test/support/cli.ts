import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { CLI } from './program.ts';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Ran {
  /** What a shell would say; null when a signal ended it unhandled. */
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The environment of a command: what Node needs, none of our own settings, and `settings`. */
function environment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const own = (name: string): boolean => /^(?:SHUTTLEWATCH_|DATABASE_URL|REDIS_URL|NODE_OPTIONS)/.test(name);
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own(name))), ...settings };
}

/** Starts the command line as a process of its own. */
export function startCli(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): ChildProcessWithoutNullStreams {
  const argv = [CLI, ...args];
  return spawn(process.execPath, argv, { cwd: ROOT, env: environment(settings) });
}

/** Resolves when a started command has ended and everything it wrote is read. */
export async function ended(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out: Buffer.concat(out).toString('utf8'), err: Buffer.concat(err).toString('utf8') };
}

/** Runs a command to its end. */
export async function runCli(
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
  stdin = '',
): Promise<Ran> {
  const child = startCli(args, settings);
  // A command that ends without reading all of it breaks the pipe, as it may.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  return await ended(child);
}
