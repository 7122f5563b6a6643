import type { KeyId } from '../events/ids.ts';
import type { Seen } from './judge-items.ts';

/** Articles recorded together that may have one guid or headline; where it is more, it tells none of them apart. */
const KEY_SHARERS_MAX = 4;

/** The articles behind each guid and headline, by the first key that each has: a link stands for itself. */
function sharersOf(batch: readonly Seen[]): ReadonlyMap<KeyId, ReadonlySet<string>> {
  const sharers = new Map<KeyId, Set<string>>();
  for (const { key, keys } of batch) {
    for (const shared of [keys.guid, keys.title]) {
      if (shared !== null) sharers.set(shared, (sharers.get(shared) ?? new Set()).add(key));
    }
  }
  return sharers;
}

/**
 * Takes from sightings the guid or headline that more than KEY_SHARERS_MAX articles of them have. Those that share a key are decided one
 * after another, a round of reading and appending each: a document that gives all its items one headline would cost as many
 * rounds as it has items, at every poll. The first keeps its headline, as the log tells that later; a guid would make it the
 * article that had it before.
 */
export function withoutCrowdedKeys(all: readonly Seen[]): Seen[] {
  const sharers = sharersOf(all);
  const isCrowded = (key: KeyId | null): key is KeyId =>
    key !== null && (sharers.get(key)?.size ?? 0) > KEY_SHARERS_MAX;
  const holders = new Map<KeyId, string>();
  const isFirst = (title: KeyId, by: string): boolean => {
    if (!holders.has(title)) holders.set(title, by);
    return holders.get(title) === by;
  };
  return all.map((seen) => {
    const { key, keys } = seen;
    const guid = isCrowded(keys.guid) ? null : keys.guid;
    const title = isCrowded(keys.title) && !isFirst(keys.title, key) ? null : keys.title;
    return guid === keys.guid && title === keys.title ? seen : { ...seen, keys: { ...keys, guid, title } };
  });
}
