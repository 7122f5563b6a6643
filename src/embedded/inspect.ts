import { existsSync } from 'node:fs';
import { access, constants, readFile, stat, statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { locateBinaries, majorOf } from './binaries.ts';
import { clusterFolder, DATABASE, ROLE } from './cluster.ts';
import { EmbeddedPostgresError } from './errors.ts';
import { lockHolder } from './lock.ts';
import { findPostmaster } from './postmaster.ts';
import { probe } from './probe.ts';
import { seenUsers } from './users.ts';

/** What can be seen of an embedded Postgres from outside. Nothing is started, made or changed to look. */
export interface EmbeddedFacts {
  /** `<dataDir>/postgres`. */
  readonly home: string;
  /** Whether anything has been made there. */
  readonly exists: boolean;
  /** Whose the data are (uid); of the next folder above while there are none. */
  readonly owner: number;
  /** Whether this user may write there. */
  readonly writable: boolean;
  /** Bytes a program of this user could still write there. */
  readonly freeBytes: number;
  /** The process that starts or stops the server just now. */
  readonly lockedBy: number | null;
  /** Processes that use the server, as far as they can be seen from here. */
  readonly users: readonly number[];
  /** Whether processes of another container use it. */
  readonly usedElsewhere: boolean;
  readonly server: EmbeddedServer | null;
  /** The Postgres that npm installed, or what is wrong with it. */
  readonly binaries: { readonly version: string } | { readonly problem: string };
  /** The major version the data were written by; null while there are none, or they are out of sight. */
  readonly dataMajor: string | null;
  /** Whether `binaries` read the data. */
  readonly readable: boolean;
  /** What is wrong with the folder itself; null for one that is well or not made yet. */
  readonly problem: string | null;
}

export interface EmbeddedServer {
  readonly pid: number;
  readonly port: number | null;
  readonly serves: boolean;
  /** With the password in it; null where this user may not read it. */
  readonly url: string | null;
}

export type StatDisk = (folder: string) => Promise<{ readonly bavail: number; readonly bsize: number }>;

/** Looks at the embedded Postgres of `dataDir`; `statDisk` tells how much room there is (statfs). */
export async function inspectEmbedded(dataDir: string, statDisk: StatDisk = statfs): Promise<EmbeddedFacts> {
  const home = join(dataDir, 'postgres');
  const nearest = nearestFolder(home);
  const exists = nearest === home;
  const { bavail, bsize } = await statDisk(nearest);
  const binaries = await binariesHere();
  const { cluster, problem } = exists ? await clusterOf(home) : { cluster: null, problem: null };
  const dataMajor = cluster === null ? null : await readIfAllowed(join(cluster, 'data', 'PG_VERSION'));
  const users = await seenUsers(join(home, 'users'), Date.now());
  return {
    home,
    exists,
    owner: (await stat(cluster === null ? nearest : join(cluster, 'data'))).uid,
    writable: await isWritable(nearest),
    freeBytes: bavail * bsize,
    lockedBy: exists ? await lockHolder(home) : null,
    users: users.alive,
    usedElsewhere: users.elsewhere.length > 0,
    server: cluster === null ? null : await serverOf(cluster),
    binaries: 'problem' in binaries ? binaries : { version: binaries.version },
    dataMajor,
    readable: dataMajor === null || 'problem' in binaries || dataMajor === binaries.major,
    problem,
  };
}

/** The URL of the server that runs for `dataDir` just now; null when none does or it is not ours to use. */
export async function runningServer(dataDir: string): Promise<string | null> {
  const home = join(dataDir, 'postgres');
  if (!existsSync(home)) return null;
  const { cluster } = await clusterOf(home);
  const server = cluster === null ? null : await serverOf(cluster);
  return server?.serves === true ? server.url : null;
}

function nearestFolder(path: string): string {
  return existsSync(path) || path === dirname(path) ? path : nearestFolder(dirname(path));
}

async function binariesHere(): Promise<{ version: string; major: string } | { problem: string }> {
  try {
    const binaries = await locateBinaries();
    return { version: binaries.version, major: majorOf(binaries) };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return { problem: error.message };
    throw error;
  }
}

async function clusterOf(home: string): Promise<{ cluster: string | null; problem: string | null }> {
  try {
    return { cluster: await clusterFolder(home), problem: null };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) return { cluster: null, problem: error.message };
    throw error;
  }
}

async function isWritable(folder: string): Promise<boolean> {
  try {
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false; // that is what it tells
  }
}

/** The text of a file, null where this user may not read it. */
async function readIfAllowed(path: string): Promise<string | null> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    if (['EACCES', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

async function serverOf(cluster: string): Promise<EmbeddedServer | null> {
  let postmaster;
  try {
    postmaster = await findPostmaster(join(cluster, 'data'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EACCES') return null; // another user's
    throw error;
  }
  if (postmaster === null) return null;
  const { mark, port, ready } = postmaster;
  const serves = port !== null && ready && (await probe(port, ROLE, DATABASE)) === 'serves';
  const password = await readIfAllowed(join(cluster, 'password'));
  const url =
    port === null || password === null
      ? null
      : `postgresql://${ROLE}:${password}@127.0.0.1:${port}/${DATABASE}`;
  return { pid: mark.pid, port, serves, url };
}
