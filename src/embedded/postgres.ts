import { existsSync } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { handOver } from './account.ts';
import type { Surroundings } from './account-choice.ts';
import { locateBinaries } from './binaries.ts';
import { DATABASE, openCluster, ROLE } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError, remedyFor } from './errors.ts';
import { makeFolder } from './folder.ts';
import { acquireLock } from './lock.ts';
import { boundLog } from './server-log.ts';
import { ensureServer, stopProcess, stopServer } from './server.ts';
import type { Server, ServerOptions } from './server.ts';
import { enter, SIGN_OF_LIFE_MS, signOfLife, usersIn } from './users.ts';

export interface EmbeddedPostgres {
  /** `postgresql://…` with the password in it. */
  readonly url: string;
  /** Leaves; the last process to leave stops the server. Close your pools first. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions extends Partial<Surroundings> {
  /** Everything is kept in `<dataDir>/postgres`; made when missing. */
  readonly dataDir: string;
  readonly log: Log;
  /** Where the server listens on 127.0.0.1, from its next start; a free port unless told. */
  readonly port?: number | null;
  /** How long to wait for others, for a recovery and for the server; 90 s unless told. */
  readonly startTimeoutMs?: number;
}

const START_MS_MAX = 90_000;
const LEAVE_MS_MAX = 60_000;
const ELSEWHERE_POLL_MS = 500;
const SHELF = '/var/lib/shuttlewatch';

interface Place {
  readonly dataDir: string;
  /** `<dataDir>/postgres`: the lock, the users, the log, and the cluster unless it must live elsewhere. */
  readonly home: string;
  readonly users: string;
  readonly logFile: string;
}

/**
 * Joins the Postgres that serves `dataDir`, or starts it; the first time, makes it. Any number of processes may do
 * so at once. The server outlives whoever started it and ends with its last user, or, when that was killed, with the
 * last user of the next start. EmbeddedPostgresError says what failed and what to do.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log } = options;
  const around = {
    namespaces: options.namespaces ?? true,
    shelf: options.shelf ?? SHELF,
    durable: options.durable ?? true,
  };
  const deadline = Date.now() + (options.startTimeoutMs ?? START_MS_MAX);
  return named(`could not start in ${options.dataDir}`, async () => {
    const place = await placeIn(options.dataDir);
    const run = { logFile: place.logFile, durable: around.durable, port: options.port ?? null };
    const { cluster, server, entry } = await joinServer(place, around, run, deadline, log);
    if (run.port !== null && server.port !== run.port)
      log.warn(
        { port: server.port, wanted: run.port },
        'the embedded Postgres runs already, on another port',
      );
    const url = `postgresql://${ROLE}:${cluster.password}@127.0.0.1:${server.port}/${DATABASE}`;
    const ticking = tend(place, entry, log);
    let leaving: Promise<void> | undefined;
    return {
      url,
      stop() {
        clearInterval(ticking);
        leaving ??= named(`could not leave ${place.home}`, () => leave(place, cluster, server, entry, log));
        return leaving;
      },
    };
  });
}

/** Gives the refusals of the operating system that `work` meets a name and a remedy. */
async function named<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    throw new EmbeddedPostgresError(`${what}: ${error.message}`, remedyFor(error.message), { cause: error });
  }
}

/** A refusal of the operating system, which carries a code such as ENOSPC; anything else is a mistake of ours. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

async function placeIn(folder: string): Promise<Place> {
  await makeFolder(resolve(folder));
  const dataDir = await realpath(folder); // one name for one folder, however it was reached
  const home = join(dataDir, 'postgres');
  await mkdir(home, { recursive: true, mode: 0o711 });
  return { dataDir, home, users: join(home, 'users'), logFile: join(home, 'server.log') };
}

interface Joined {
  readonly cluster: Cluster;
  readonly server: Server;
  readonly entry: string;
}

async function joinServer(
  place: Place,
  around: Surroundings,
  run: ServerOptions,
  deadline: number,
  log: Log,
): Promise<Joined> {
  const binaries = await locateBinaries();
  let said = false;
  for (;;) {
    const lock = await acquireLock(place.home, deadline);
    try {
      const { elsewhere } = await usersIn(place.users, Date.now());
      if (elsewhere.length === 0) {
        const cluster = await openCluster(place.dataDir, place.home, binaries, around, log);
        return await enterAndServe(place, cluster, run, deadline, log);
      }
      if (Date.now() >= deadline) throw usedElsewhere(place, elsewhere);
      if (!said)
        log.info({ users: elsewhere }, 'waiting: the data were in use in another container a moment ago');
      said = true;
    } finally {
      await lock.release();
    }
    await wait(ELSEWHERE_POLL_MS);
  }
}

/** Enters first, so that no server is ever started that has no user to stop it. */
async function enterAndServe(
  place: Place,
  cluster: Cluster,
  run: ServerOptions,
  deadline: number,
  log: Log,
): Promise<Joined> {
  const entry = await enter(place.users);
  try {
    await handOver(place.users, place.home);
    await handOver(entry, place.home);
    const server = await ensureServer(cluster, run, deadline, log);
    return { cluster, server, entry };
  } catch (error) {
    await rm(entry, { force: true });
    throw error;
  }
}

function usedElsewhere(place: Place, entries: readonly string[]): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    `${place.dataDir} is in use in another container, whose server cannot be reached from here`,
    `Stop that one, or work inside it, or give this one a data folder of its own (seen in ${entries.join(', ')})`,
  );
}

async function leave(place: Place, cluster: Cluster, server: Server, entry: string, log: Log): Promise<void> {
  if (!existsSync(place.home)) {
    // The folder was deleted under us: nobody can use the server any more, and no lock is left to take.
    await stopProcess(server.mark, log);
    return;
  }
  // On a full disk as well: a server that nobody stops is nobody's.
  const lock = await acquireLock(place.home, Date.now() + LEAVE_MS_MAX, entry);
  try {
    await rm(entry, { force: true });
    const { alive, elsewhere } = await usersIn(place.users, Date.now());
    if (alive.length + elsewhere.length > 0) return;
    await stopServer(cluster.data, log);
    log.debug({ pid: server.mark.pid }, 'the last user left: the embedded Postgres stopped');
  } finally {
    await lock.release();
  }
}

/** While we are in: says that we live, and keeps the server's log within its bound. */
function tend(place: Place, entry: string, log: Log): NodeJS.Timeout {
  let complained = false;
  const tick = async (): Promise<void> => {
    try {
      await signOfLife(entry, new Date());
      await boundLog(place.logFile);
      complained = false;
    } catch (error) {
      if (!complained)
        log.warn({ err: error, folder: place.home }, 'cannot tend the folder of the embedded Postgres');
      complained = true;
    }
  };
  return setInterval(() => void tick(), SIGN_OF_LIFE_MS).unref();
}
