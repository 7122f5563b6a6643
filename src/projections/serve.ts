import type { Db } from '../store/database.ts';
import { PROJECTIONS } from './all.ts';
import type { Projection } from './projection.ts';
import { fillItemKeys, ITEM_KEYS_SERVED } from './item-keys.ts';
import { rebuildAll } from './rebuild-all.ts';
import { NewerTables } from './switch.ts';
import { rebuildWords, WORDS_SERVED } from './words.ts';

/** How far the work has come that has to be done before anything can be answered. */
export interface ServeProgress {
  readonly projection: string;
  readonly done: number;
  readonly total: number;
}

/** The version of each projection, of the words and of the keys of items, whose tables this build works with. */
export function readVersions(): ReadonlyMap<string, number> {
  return new Map(
    [WORDS_SERVED, ITEM_KEYS_SERVED, ...PROJECTIONS].map(({ name, version }) => [name, version]),
  );
}

/** The version of each whose tables are served. */
async function servedVersions(db: Db): Promise<ReadonlyMap<string, number>> {
  const rows = await db.selectFrom('sw_work.projections').select(['projection', 'version']).execute();
  return new Map(rows.map(({ projection, version }) => [projection, version]));
}

/**
 * Sees to it that the read tables are those of this build: what is missing or of an earlier version is made from the log, in the
 * way of `rebuild`. Nothing may be answered before. Any number of processes may call it at once. Throws NewerTables when a
 * newer build has been here.
 */
export async function serve(
  db: Db,
  projections: readonly Projection[],
  now: () => Date,
  onProgress: (progress: ServeProgress) => void,
): Promise<void> {
  const served = await servedVersions(db);
  for (const { name, version } of [WORDS_SERVED, ITEM_KEYS_SERVED, ...projections]) {
    const found = served.get(name) ?? 0;
    if (found > version) throw new NewerTables({ name, version }, found);
  }
  if (served.get(WORDS_SERVED.name) !== WORDS_SERVED.version) {
    await rebuildWords(db, { now, onlyOlder: true, onProgress });
  }
  if (served.get(ITEM_KEYS_SERVED.name) !== ITEM_KEYS_SERVED.version) {
    await fillItemKeys(db, { now, onlyOlder: true, onProgress });
  }
  const older = projections.filter(({ name, version }) => served.get(name) !== version);
  await rebuildAll(db, older, { now, onlyOlder: true, onProgress });
}
