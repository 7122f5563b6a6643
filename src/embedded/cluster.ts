import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  open,
  readFile,
  readdir,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Log } from '../log.ts';
import { accountOf, chooseAccount } from './account-choice.ts';
import type { Choice, Surroundings } from './account-choice.ts';
import { invocation } from './account.ts';
import type { Account } from './account.ts';
import { majorOf } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, remedyFor } from './errors.ts';

/** The role and the database the product works with; the role owns the database and is no superuser. */
export const ROLE = 'shuttlewatch';
export const DATABASE = 'shuttlewatch';

/** Data on disk, with what is needed to serve them. */
export interface Cluster {
  readonly data: string;
  readonly password: string;
  readonly account: Account;
  readonly binaries: Binaries;
}

/** Holds the path of the data when they cannot live beside it. */
const SIGNPOST = 'elsewhere';
const DRAFT = 'cluster.new-';
const TOOL_MS_MAX = 120_000;
const SAID_CHARS_MAX = 4_000;

const HBA = `# Written by shuttlewatch: over TCP from this machine, with the password, and in no other way.
host all all 127.0.0.1/32 scram-sha-256
`;

/** Opens the cluster of `home` (below `dataDir`), making it first where there is none. Call it under the lock. */
export async function openCluster(
  dataDir: string,
  home: string,
  binaries: Binaries,
  around: Surroundings,
  log: Log,
): Promise<Cluster> {
  const known = await clusterFolder(home);
  if (known !== null) return { ...(await existing(known, binaries, around)), ...(await secretsOf(known)) };

  const choice = await chooseAccount(dataDir, home, binaries, around);
  const place = choice.enters ? home : await placeOnShelf(home, around);
  await clearDrafts(place, log);
  log.info(
    { folder: place, account: choice.account.kind },
    'making the database: the first start takes a second or two',
  );
  const folder = await create(place, choice, around.durable);
  if (place !== home) await writeDurably(join(home, SIGNPOST), folder);
  return { account: choice.account, binaries: choice.binaries, ...(await secretsOf(folder)) };
}

async function existing(
  folder: string,
  binaries: Binaries,
  around: Surroundings,
): Promise<Omit<Choice, 'enters'>> {
  const data = join(folder, 'data');
  const major = (await readFile(join(data, 'PG_VERSION'), 'utf8')).trim();
  if (major !== majorOf(binaries)) {
    throw new EmbeddedPostgresError(
      `the data in ${data} were written by Postgres ${major}, and this is ${majorOf(binaries)}`,
      `Use the shuttlewatch that wrote them to dump them, or set SHUTTLEWATCH_DATA to a new folder`,
    );
  }
  const { account, binaries: usable } = await accountOf(data, binaries, around);
  return { account, binaries: usable };
}

/** Where the cluster of `home` is, or null when there is none yet; EmbeddedPostgresError when half of one is. */
export async function clusterFolder(home: string): Promise<string | null> {
  const signpost = join(home, SIGNPOST);
  const folder = existsSync(signpost) ? (await readFile(signpost, 'utf8')).trim() : join(home, 'cluster');
  if (existsSync(join(folder, 'data', 'PG_VERSION'))) return folder;
  if (existsSync(folder) || existsSync(signpost)) {
    throw new EmbeddedPostgresError(
      `${folder} should hold a database and does not`,
      `Bring it back from a backup; to begin afresh, move ${home} away`,
    );
  }
  return null;
}

async function secretsOf(folder: string): Promise<Pick<Cluster, 'data' | 'password'>> {
  const password = (await readFile(join(folder, 'password'), 'utf8')).trim();
  return { data: join(folder, 'data'), password };
}

/** A folder on the shelf that belongs to `home` alone. What is left there of a home that was deleted is cleared. */
async function placeOnShelf(home: string, around: Surroundings): Promise<string> {
  const place = join(around.shelf, createHash('sha256').update(home).digest('hex').slice(0, 16));
  if (existsSync(join(place, 'cluster', 'data', 'postmaster.pid'))) {
    throw new EmbeddedPostgresError(
      `${place} holds data of a ${home} that was deleted while its server ran`,
      `Make sure no postgres runs on them, delete ${place}, and start again`,
    );
  }
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true, mode: 0o755 });
  return place;
}

/** What a start left that was killed halfway. */
async function clearDrafts(place: string, log: Log): Promise<void> {
  for (const name of await readdir(place)) {
    if (!name.startsWith(DRAFT)) continue;
    log.warn({ folder: join(place, name) }, 'clearing a database that was never finished');
    await rm(join(place, name), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Makes a cluster under another name and renames it when it is whole: a folder named `cluster` is always good. */
async function create(place: string, { account, binaries }: Choice, durable: boolean): Promise<string> {
  const draft = await mkdtemp(join(place, DRAFT));
  try {
    if (account.kind === 'user') {
      await chmod(place, 0o711); // passage, not sight
      await chown(draft, account.uid, account.gid);
    }
    const data = join(draft, 'data');
    const unsynced = durable ? [] : ['--no-sync'];
    await run(account, binaries.initdb, [...initdbArguments(data), ...unsynced], '');
    // Opened, not replaced, so that it stays the account's.
    await writeFile(join(data, 'pg_hba.conf'), HBA);
    const password = randomBytes(24).toString('hex');
    await run(
      account,
      binaries.postgres,
      ['--single', ...(durable ? [] : ['-F']), '-D', data, 'postgres'],
      setUp(password),
    );
    await writeDurably(join(draft, 'password'), password);
    if (account.kind === 'user') await chown(join(draft, 'password'), account.uid, account.gid);
    const folder = join(place, 'cluster');
    await rename(draft, folder);
    await syncFolder(place);
    return folder;
  } catch (error) {
    await rm(draft, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

function initdbArguments(data: string): string[] {
  // C.UTF-8 as character type makes pg_trgm see CJK letters; macOS has that locale under another name only.
  const ctype = process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';
  const locale = ['--encoding=UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  // "trust" is never served: pg_hba.conf is replaced before the first server starts.
  return [
    '-D',
    data,
    '--username=postgres',
    '--auth=trust',
    ...locale,
    `--lc-ctype=${ctype}`,
    '--no-instructions',
  ];
}

/** One statement a line, as `postgres --single` reads them. The superuser has no password and so cannot log in. */
function setUp(password: string): string {
  return [
    `CREATE ROLE ${ROLE} LOGIN CREATEDB PASSWORD '${password}' IN ROLE pg_monitor`,
    `CREATE DATABASE ${DATABASE} OWNER ${ROLE}`,
    '',
  ].join('\n');
}

/** Runs one of Postgres's tools to its end; EmbeddedPostgresError with what it said when it fails. */
async function run(account: Account, tool: string, args: readonly string[], input: string): Promise<void> {
  const { file, args: words, options } = invocation(account, tool, args);
  const child = spawn(file, [...words], { ...options, timeout: TOOL_MS_MAX });
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => {
      resolve(`could not be run: ${error.message}`);
    });
    child.on('close', (code, signal) => {
      resolve(code === 0 ? '' : `ended with ${signal ?? `exit code ${code}`}`);
    });
  });
  // EPIPE when the tool ends before it read: how it ended says more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const [failure, , said] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  // A single-user server reports a failed statement and goes on to exit with 0.
  if (failure === '' && !/^.*(?:ERROR|FATAL|PANIC): /m.test(said)) return;
  throw new EmbeddedPostgresError(
    `${tool} ${failure || 'reported an error'}`,
    remedyFor(`${failure}\n${said}`),
    {
      said: said.slice(-SAID_CHARS_MAX),
    },
  );
}

async function writeDurably(path: string, content: string): Promise<void> {
  await writeFile(path, `${content}\n`, { mode: 0o600, flush: true });
}

async function syncFolder(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
