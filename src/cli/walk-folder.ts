import { readdir, realpath, stat } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { join } from 'node:path';
import { fileTrouble } from './files.ts';

/** Folders within folders that are opened. */
const FOLDER_DEPTH_MAX = 32;

/** A file in a folder or below it; or what could not be looked at there. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly stats: Stats }
  | { readonly kind: 'trouble'; readonly path: string; readonly reason: string };

/** Where a walk is, and what it has seen. */
interface Walk {
  readonly isWanted: (name: string) => boolean;
  /** Real paths of the folders that were opened: a link may lead to one of them, or to one that it is in itself. */
  readonly opened: Set<string>;
}

const trouble = (path: string, error: unknown): Found => ({
  kind: 'trouble',
  path,
  reason: fileTrouble(error),
});

async function* walk(folder: string, depth: number, how: Walk): AsyncGenerator<Found, void> {
  let names: string[];
  try {
    const real = await realpath(folder);
    if (how.opened.has(real)) return;
    how.opened.add(real);
    names = await readdir(folder);
  } catch (error) {
    yield trouble(folder, error);
    return;
  }
  for (const name of names.sort()) yield* look(join(folder, name), name, depth, how);
}

async function* look(path: string, name: string, depth: number, how: Walk): AsyncGenerator<Found, void> {
  let stats: Stats;
  try {
    stats = await stat(path);
  } catch (error) {
    // A broken link is no loss where nobody would have read what it leads to.
    if (how.isWanted(name)) yield trouble(path, error);
    return;
  }
  if (stats.isFile() && how.isWanted(name)) yield { kind: 'file', path, stats };
  if (!stats.isDirectory()) return;
  if (depth < FOLDER_DEPTH_MAX) yield* walk(path, depth + 1, how);
  else yield { kind: 'trouble', path, reason: `more than ${FOLDER_DEPTH_MAX} folders deep, not opened` };
}

/**
 * The files with wanted names in a folder and below it, by name, links followed; each folder once, however many ways lead there. What cannot
 * be looked at comes as a value that says why.
 */
export async function* walkFolder(
  folder: string,
  isWanted: (name: string) => boolean,
): AsyncGenerator<Found, void> {
  yield* walk(folder, 0, { isWanted, opened: new Set() });
}
