import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { open, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Log } from '../log.ts';
import { handOver, invocation } from './account.ts';
import { DATABASE, ROLE } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { EmbeddedPostgresError, OR_BRING_YOUR_OWN, remedyFor } from './errors.ts';
import { disarmPidFile, findPostmaster } from './postmaster.ts';
import type { Postmaster } from './postmaster.ts';
import { probe } from './probe.ts';
import { judge } from './process-mark.ts';
import type { ProcessMark } from './process-mark.ts';
import { isPortFree, portOwner } from './port-owner.ts';
import { boundLog, lengthOf, tailOf } from './server-log.ts';

/** A server that answers. */
export interface Server {
  readonly mark: ProcessMark;
  readonly port: number;
}

/** Connections of one product process are a dozen or two; several processes and tests share a server. */
const CONNECTIONS_MAX = 200;
const POLL_MS = 15;
/** Before another try, when children of a killed server have yet to go. */
const RETRY_MS = 100;
/** How long a fast shutdown may take (it writes a checkpoint) before the server is made to drop everything. */
const STOP_MS_MAX = 30_000;
const QUIT_MS_MAX = 5_000;

const SETTINGS: Readonly<Record<string, string | number>> = {
  listen_addresses: '127.0.0.1',
  // A socket's path may have 107 bytes, less than many a data folder: TCP only.
  unix_socket_directories: '',
  max_connections: CONNECTIONS_MAX,
  shared_buffers: '128MB',
  max_wal_size: '512MB',
  fsync: 'on',
  timezone: 'UTC',
  log_timezone: 'UTC',
  // Short queries only: compiling them costs more than running them.
  jit: 'off',
  log_checkpoints: 'off',
  // The text of a failed statement may hold what must not be kept; the caller has it anyway.
  log_min_error_statement: 'panic',
};

/** For data that may be lost with the machine. What is committed still outlives the server. */
const FLEETING: Readonly<Record<string, string>> = {
  fsync: 'off',
  full_page_writes: 'off',
};

/** What to do when the port that was asked for is taken. */
export const PORT_REMEDY =
  'End that program, or set SHUTTLEWATCH_POSTGRES_PORT to another port, or unset it to take one that is free';

/** Where Docker gives a container its usual 64 MB, one parallel query can use them up. */
const SHARED_MEMORY_BYTES_MIN = 256 * 1024 * 1024;

/** How to run a server, beyond its cluster. */
export interface ServerOptions {
  readonly logFile: string;
  /** False for tests, whose data may be lost with the machine. */
  readonly durable: boolean;
  /** Where it listens; null for the port it had before, or any that is free. */
  readonly port: number | null;
}

/** Adopts the server that runs on the cluster, or starts one; answers by `deadline` (epoch ms) or EmbeddedPostgresError. */
export async function ensureServer(
  cluster: Cluster,
  options: ServerOptions,
  deadline: number,
  log: Log,
): Promise<Server> {
  const { logFile } = options;
  let launch: Launch | null = null;
  for (;;) {
    const postmaster = await findPostmaster(cluster.data);
    const server = postmaster === null ? null : await serving(postmaster);
    if (server !== null) {
      const pid = server.mark.pid;
      log.debug({ pid, port: server.port, adopted: pid !== launch?.pid }, 'the embedded Postgres answers');
      return server;
    }
    if (launch?.ended !== undefined && !(await mayRetry(launch, logFile))) {
      throw await failure(launch, logFile);
    }
    if (Date.now() >= deadline) throw await late(postmaster, cluster, logFile);
    if (postmaster === null) launch = await launchUnlessUnderWay(cluster, options, launch);
    await wait(POLL_MS);
  }
}

async function launchUnlessUnderWay(
  cluster: Cluster,
  options: ServerOptions,
  last: Launch | null,
): Promise<Launch> {
  if (last !== null && last.ended === undefined) return last;
  if (last !== null) await wait(RETRY_MS);
  return launchServer(cluster, options, last);
}

/** Stops the server of `data` in order: transactions are rolled back, all is written, nothing is left to recover. */
export async function stopServer(data: string, log: Log): Promise<void> {
  const postmaster = await findPostmaster(data);
  if (postmaster !== null) await stopProcess(postmaster.mark, log);
}

/** Stops the server whose process is `mark`, if it still runs; returns when it is gone. */
export async function stopProcess(mark: ProcessMark, log: Log): Promise<void> {
  // Source: PostgreSQL documentation, "Shutting Down the Server": SIGINT is the fast shutdown, SIGQUIT the immediate.
  if (await endsBy(mark, 'SIGINT', STOP_MS_MAX)) return;
  const { pid } = mark;
  log.warn({ pid, waitedMs: STOP_MS_MAX }, 'the embedded Postgres does not stop: making it drop everything');
  if (await endsBy(mark, 'SIGQUIT', QUIT_MS_MAX)) return;
  throw new EmbeddedPostgresError(
    `its process ${pid} does not stop`,
    'End it; the data recover at the next start',
  );
}

/** Signals the process; whether it is gone within `ms`. Another process that got its number counts as gone. */
async function endsBy(mark: ProcessMark, signal: 'SIGINT' | 'SIGQUIT', ms: number): Promise<boolean> {
  const deadline = Date.now() + ms;
  try {
    if (judge(mark) === 'alive') process.kill(mark.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // gone meanwhile: what we wanted
  }
  while (judge(mark) === 'alive') {
    if (Date.now() >= deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

async function serving({ mark, port, ready }: Postmaster): Promise<Server | null> {
  if (port === null || !ready) return null;
  return (await probe(port, ROLE, DATABASE)) === 'serves' ? { mark, port } : null;
}

/** A server of ours on its way up, or how it ended. */
interface Launch {
  readonly pid: number | undefined;
  /** How long the log was before. */
  readonly logFrom: number;
  ended?: string;
}

async function launchServer(cluster: Cluster, how: ServerOptions, failed: Launch | null): Promise<Launch> {
  const { logFile } = how;
  const last = await disarmPidFile(cluster.data);
  const port = how.port === null ? await freePort(failed === null ? last : null) : await fixedPort(how.port);
  const settings = { ...SETTINGS, ...(how.durable ? {} : FLEETING), ...(await sharedMemory()), port };
  const { file, args, options } = invocation(cluster.account, cluster.binaries.postgres, [
    '-D',
    cluster.data,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
  ]);
  const output = await open(logFile, 'a', 0o600);
  try {
    await handOver(logFile, dirname(logFile));
    await boundLog(logFile);
    const logFrom = await lengthOf(logFile);
    // Its own session, so that Ctrl-C in our terminal does not stop it before our pools are closed.
    const child = spawn(file, [...args], {
      ...options,
      detached: true,
      stdio: ['ignore', output.fd, output.fd],
    });
    child.unref();
    const launch: Launch = { pid: child.pid, logFrom };
    child.on('error', (error) => (launch.ended = `could not be run: ${error.message}`));
    child.on('exit', (code, signal) => (launch.ended = `ended with ${signal ?? `exit code ${code}`}`));
    return launch;
  } finally {
    await output.close();
  }
}

/** Shared memory in files of the data folder where the machine's own is too small. */
async function sharedMemory(): Promise<Record<string, string>> {
  if (process.platform !== 'linux') return {};
  const { blocks, bsize } = existsSync('/dev/shm') ? await statfs('/dev/shm') : { blocks: 0, bsize: 0 };
  return { dynamic_shared_memory_type: blocks * bsize < SHARED_MEMORY_BYTES_MIN ? 'mmap' : 'posix' };
}

/** The port that was asked for, or EmbeddedPostgresError naming who has it. */
async function fixedPort(port: number): Promise<number> {
  if (await isPortFree(port)) return port;
  throw new EmbeddedPostgresError(`port ${port} is taken by ${await portOwner(port)}`, PORT_REMEDY);
}

/**
 * The wanted port if it is free, else one that is. Wanted is the port of a server that crashed, so that pools which
 * still hold it find the new one; after a failure it is better left.
 */
async function freePort(wanted: number | null): Promise<number> {
  const server = createServer();
  try {
    return await new Promise<number>((resolve, reject) => {
      server.on('error', reject);
      server.listen({ host: '127.0.0.1', port: wanted ?? 0 }, () => {
        resolve((server.address() as AddressInfo).port);
      });
    });
  } catch (error) {
    if (wanted === null) throw error;
    return await freePort(null);
  } finally {
    server.close();
  }
}

/** Another took the port or started first, or children of a killed server have yet to go: all pass by trying again. */
async function mayRetry(launch: Launch, logFile: string): Promise<boolean> {
  const said = await tailOf(logFile, launch.logFrom);
  return /could not create any TCP\/IP sockets|lock file ".*" (?:already exists|is empty)|shared memory block .* in use/.test(
    said,
  );
}

async function failure(launch: Launch, logFile: string): Promise<EmbeddedPostgresError> {
  const said = await tailOf(logFile, launch.logFrom);
  const how = launch.ended ?? 'ended';
  return new EmbeddedPostgresError(`the server ${how}`, remedyFor(`${how}\n${said}`, logFile), { said });
}

/** Time is up. A server that is still recovering is left at it: the next start adopts it. */
async function late(
  postmaster: Postmaster | null,
  cluster: Cluster,
  logFile: string,
): Promise<EmbeddedPostgresError> {
  const said = await tailOf(logFile);
  if (postmaster === null) {
    return new EmbeddedPostgresError('the server did not start in time', remedyFor(said, logFile), { said });
  }
  return new EmbeddedPostgresError(
    `process ${postmaster.mark.pid} serves ${cluster.data} but does not answer on port ${postmaster.port ?? '(none yet)'}`,
    `If it recovers from a crash, start again in a while; else end that process, or ${OR_BRING_YOUR_OWN}`,
    { said },
  );
}
