import { execFile } from 'node:child_process';
import { chown, stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './binaries.ts';

/**
 * Under which account Postgres runs. It refuses to run as root, so root lends it another face:
 * `namespace` runs it in a user namespace where our own user appears as nobody (files stay ours, closed folders
 * stay open); `user` runs it as that user, who must be able to enter the folders.
 */
export type Account =
  | { readonly kind: 'own' }
  | { readonly kind: 'namespace' }
  | { readonly kind: 'user'; readonly uid: number; readonly gid: number };

/** `nobody` on every Linux; initdb wants a user that has an entry in /etc/passwd. */
export const NOBODY = 65_534;
const PROBE_MS_MAX = 10_000;

export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly options: {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly uid?: number;
    readonly gid?: number;
  };
}

/** How to start `file` under `account`. Nothing of PG* in our environment reaches it, and it speaks English. */
export function invocation(account: Account, file: string, args: readonly string[]): Invocation {
  // "/" because the account may not be able to enter the folder we stand in.
  const options = { cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C', TZ: 'UTC' } };
  switch (account.kind) {
    case 'own':
      return { file, args, options };
    case 'namespace': {
      const map = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];
      return { file: 'unshare', args: [...map, file, ...args], options };
    }
    case 'user':
      return { file, args, options: { ...options, uid: account.uid, gid: account.gid } };
  }
}

/** Whether we are root. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** Whether our user has an entry in /etc/passwd. */
export function hasName(): boolean {
  try {
    userInfo();
    return true;
  } catch {
    return false; // documented: userInfo throws a SystemError when there is no entry
  }
}

/** Whether user namespaces may be made here and the binaries run in one. */
export async function namespacesWork(binaries: Binaries): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const { file, args, options } = invocation({ kind: 'namespace' }, binaries.postgres, ['--version']);
  try {
    await promisify(execFile)(file, [...args], { ...options, timeout: PROBE_MS_MAX });
    return true;
  } catch {
    return false; // barred by the kernel or a container, no unshare, or binaries behind a closed door: all mean "no"
  }
}

/** Whether `uid`/`gid`, without root's powers, may pass through every folder down to `folder` and read it. */
export async function mayEnter(folder: string, uid: number, gid: number): Promise<boolean> {
  for (let path = folder; ; path = dirname(path)) {
    const facts = await stat(path);
    const shift = facts.uid === uid ? 6 : facts.gid === gid ? 3 : 0;
    if (((facts.mode >> shift) & 1) === 0) return false;
    if (path === dirname(path)) return true;
  }
}

/** Gives `path` to whom `home` belongs: what root makes in a user's folder must not keep that user out. */
export async function handOver(path: string, home: string): Promise<void> {
  if (!isRoot()) return;
  const { uid, gid } = await stat(home);
  if (uid !== 0) await chown(path, uid, gid);
}
