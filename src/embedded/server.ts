import { spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
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
import { markOf } from './process-mark.ts';
import { boundLog, lengthOf, tailOf } from './server-log.ts';

/** A server that answers. */
export interface Server {
  readonly pid: number;
  readonly port: number;
}

/** Connections of one product process are a dozen or two; several processes and tests share a server. */
const CONNECTIONS_MAX = 200;
const POLL_MS = 15;
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

/** Adopts the server that runs on the cluster, or starts one; answers by `deadline` (epoch ms) or EmbeddedPostgresError. */
export async function ensureServer(
  cluster: Cluster,
  logFile: string,
  deadline: number,
  log: Log,
): Promise<Server> {
  let launch: Launch | null = null;
  for (;;) {
    const postmaster = await findPostmaster(cluster.data);
    const server = postmaster === null ? null : await serving(postmaster);
    if (server !== null) {
      log.debug({ ...server, adopted: server.pid !== launch?.pid }, 'the embedded Postgres answers');
      return server;
    }
    if (launch?.ended !== undefined && !(await mayRetry(launch, logFile)))
      throw await failure(launch, logFile);
    if (Date.now() >= deadline) throw await late(postmaster, cluster, logFile);
    if (postmaster === null && (launch === null || launch.ended !== undefined)) {
      launch = await launchServer(cluster, logFile, launch);
    }
    await wait(POLL_MS);
  }
}

/** Stops the server of `data` in order: transactions are rolled back, all is written, nothing is left to recover. */
export async function stopServer(data: string, log: Log): Promise<void> {
  const postmaster = await findPostmaster(data);
  if (postmaster !== null) await stopPostmaster(postmaster.pid, log);
}

/** Stops the server whose process is `pid`; returns when it is gone. */
export async function stopPostmaster(pid: number, log: Log): Promise<void> {
  process.kill(pid, 'SIGINT'); // "fast shutdown", PostgreSQL documentation, "Shutting Down the Server"
  if (await goneBy(pid, Date.now() + STOP_MS_MAX)) return;
  log.warn(
    { pid, seconds: STOP_MS_MAX / 1000 },
    'the embedded Postgres does not stop: making it drop everything',
  );
  process.kill(pid, 'SIGQUIT');
  if (await goneBy(pid, Date.now() + QUIT_MS_MAX)) return;
  throw new EmbeddedPostgresError(
    `its process ${pid} does not stop`,
    'End that process; the data recover at the next start',
  );
}

async function goneBy(pid: number, deadline: number): Promise<boolean> {
  while (markOf(pid) !== null) {
    if (Date.now() >= deadline) return false;
    await wait(POLL_MS);
  }
  return true;
}

async function serving({ pid, port }: Postmaster): Promise<Server | null> {
  return port !== null && (await probe(port, ROLE, DATABASE)) === 'serves' ? { pid, port } : null;
}

/** A server of ours on its way up, or how it ended. */
interface Launch {
  readonly pid: number | undefined;
  /** How long the log was before. */
  readonly logFrom: number;
  ended?: string;
}

async function launchServer(cluster: Cluster, logFile: string, failed: Launch | null): Promise<Launch> {
  const last = await disarmPidFile(cluster.data);
  // The port of a server that crashed, so that pools which still hold it find the new one; another after a failure.
  const port = failed === null ? await freePort(last) : await freePort(null);
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
  const { file, args, options } = invocation(cluster.account, cluster.binaries.postgres, [
    '-D',
    cluster.data,
    ...settings,
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

/** The wanted port if it is free, else one that is. */
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
  return /could not create any TCP\/IP sockets|lock file ".*" already exists|shared memory block .* in use/.test(
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
    `process ${postmaster.pid} serves ${cluster.data} but does not answer on port ${postmaster.port ?? '(none yet)'}`,
    `If it recovers from a crash, start again in a while; else end that process, or ${OR_BRING_YOUR_OWN}`,
    { said },
  );
}
