import type { Position } from '../events/ids.ts';
import type { Db } from '../store/database.ts';
import { head } from '../store/read.ts';
import type { Projection } from './projection.ts';
import { rebuild } from './rebuild.ts';
import type { RebuildOptions } from './rebuild.ts';

/**
 * Rebuilds several projections side by side: while PostgreSQL writes for one, another is decoded. Progress is that of all of them
 * together, positions times projections. Gives where each stands. One that fails leaves the others to come to their end; then
 * the first failure is thrown.
 */
export async function rebuildAll(
  db: Db,
  projections: readonly Projection[],
  { onProgress = (): void => undefined, ...options }: RebuildOptions,
): Promise<ReadonlyMap<string, Position>> {
  const end = await head(db);
  const done = new Map(projections.map(({ name }) => [name, 0]));
  const told = (name: string, at: number): void => {
    done.set(name, Math.min(at, end));
    const sum = [...done.values()].reduce((all, one) => all + one, 0);
    onProgress({ projection: name, done: sum, total: end * projections.length });
  };
  const results = await Promise.allSettled(
    projections.map(async (projection) => {
      const onOwn = (progress: { readonly done: number }): void => {
        told(projection.name, progress.done);
      };
      const at = await rebuild(db, projection, { ...options, onProgress: onOwn });
      told(projection.name, at);
      return [projection.name, at] as const;
    }),
  );
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return new Map(results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])));
}
