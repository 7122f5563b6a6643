import { execFile } from 'node:child_process';
import { chown, mkdir, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { hasName, isRoot, mayEnter, namespacesWork, NOBODY } from './account.ts';
import type { Account } from './account.ts';
import { copyBinaries } from './binaries.ts';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError, OR_BRING_YOUR_OWN } from './errors.ts';

/** Where and what for it runs; tests choose otherwise. */
export interface Surroundings {
  /** False where user namespaces must not be used, whatever the kernel says. */
  readonly namespaces: boolean;
  /** A folder everyone may enter, for root to put what nobody must reach: copies of the binaries, data. */
  readonly shelf: string;
  /** False does without waiting for the disk: for data that may be lost with the machine, that is, of tests. */
  readonly durable: boolean;
}

export interface Choice {
  readonly account: Account;
  readonly binaries: Binaries;
  /** Whether the account can enter the folder asked about; if not, its data must live on the shelf. */
  readonly enters: boolean;
}

/** The account for a new cluster in `home`, below the data folder `dataDir`. Tried in the order of least copying. */
export async function chooseAccount(
  dataDir: string,
  home: string,
  binaries: Binaries,
  around: Surroundings,
): Promise<Choice> {
  if (!isRoot()) return { account: await ordinaryAccount(binaries, around), binaries, enters: true };
  const { uid, gid } = await stat(dataDir);
  if (uid !== 0 && (await isNamed(uid)) && (await mayEnter(dataDir, uid, gid))) {
    // The folder is a user's (sudo): stay that user's, so that both can go on using it.
    await chown(home, uid, gid);
    return {
      account: { kind: 'user', uid, gid },
      binaries: await reachable(binaries, uid, gid, around),
      enters: true,
    };
  }
  if (around.namespaces && (await mayEnter(home, 0, 0)) && (await namespacesWork(binaries))) {
    return { account: { kind: 'namespace' }, binaries, enters: true };
  }
  return {
    account: { kind: 'user', uid: NOBODY, gid: NOBODY },
    binaries: await reachable(binaries, NOBODY, NOBODY, around),
    enters: await mayEnter(home, NOBODY, NOBODY),
  };
}

/** The account for data that exist: whose they are tells how they were made. */
export async function accountOf(data: string, binaries: Binaries, around: Surroundings): Promise<Choice> {
  const { uid, gid } = await stat(data);
  if (!isRoot()) {
    if (uid === process.geteuid?.()) return { account: { kind: 'own' }, binaries, enters: true };
    throw new EmbeddedPostgresError(
      `the data in ${data} belong to user ${uid}`,
      'Run as that user, or set SHUTTLEWATCH_DATA to a folder of your own',
    );
  }
  if (uid !== 0) {
    return {
      account: { kind: 'user', uid, gid },
      binaries: await reachable(binaries, uid, gid, around),
      enters: true,
    };
  }
  if (around.namespaces && (await namespacesWork(binaries))) {
    return { account: { kind: 'namespace' }, binaries, enters: true };
  }
  throw new EmbeddedPostgresError(
    `the data in ${data} were made by root in a user namespace, and here root cannot make one`,
    `While no server runs on them: chown -R ${NOBODY}:${NOBODY} ${data} and give others passage (o+x) to it, or ${OR_BRING_YOUR_OWN}`,
  );
}

/** initdb wants the user to have a name; one without borrows nobody's. */
async function ordinaryAccount(binaries: Binaries, around: Surroundings): Promise<Account> {
  if (hasName() || !around.namespaces || !(await namespacesWork(binaries))) return { kind: 'own' };
  return { kind: 'namespace' };
}

async function reachable(
  binaries: Binaries,
  uid: number,
  gid: number,
  around: Surroundings,
): Promise<Binaries> {
  if (await mayEnter(binaries.folder, uid, gid)) return binaries;
  await mkdir(around.shelf, { recursive: true, mode: 0o755 });
  return copyBinaries(binaries, around.shelf);
}

async function isNamed(uid: number): Promise<boolean> {
  try {
    await promisify(execFile)('id', ['-un', String(uid)]);
    return true;
  } catch {
    return false; // id exits with 1 for a user it does not know
  }
}
