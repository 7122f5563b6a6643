import { sql } from 'kysely';
import type { ItemId, KeyId } from '../events/ids.ts';
import type { Db, Tx } from './database.ts';

/** A key that is to lead to an item, and where it led to when that was decided: null for nowhere. */
export interface KeyClaim {
  readonly key: KeyId;
  readonly item: ItemId;
  readonly was: ItemId | null;
}

/** The items that `keys` lead to; keys that nobody knows are not in the answer. */
export async function findKeys(db: Db | Tx, keys: readonly KeyId[]): Promise<Map<KeyId, ItemId>> {
  if (keys.length === 0) return new Map();
  const { rows } = await sql<{ key: KeyId; item: ItemId }>`
    select replace(key::text, '-', '') as key, replace(item::text, '-', '') as item
      from sw_work.item_keys where key = any(${[...new Set(keys)]}::uuid[])`.execute(db);
  return new Map(rows.map(({ key, item }) => [key, item]));
}

/** Lets each key lead to its item; keys that lead elsewhere are taken over, or left. */
export async function putKeys(
  tx: Tx,
  keys: ReadonlyMap<KeyId, ItemId>,
  others: 'take over' | 'leave',
): Promise<void> {
  if (keys.size === 0) return;
  const sorted = [...keys].sort(([a], [b]) => (a < b ? -1 : 1));
  const conflict = others === 'leave' ? sql`do nothing` : sql`do update set item = excluded.item`;
  await sql`
    insert into sw_work.item_keys (key, item)
    select * from unnest(${sorted.map(([key]) => key)}::uuid[], ${sorted.map(([, item]) => item)}::uuid[])
        on conflict (key) ${conflict}`.execute(tx);
}

/** Adds keys that lead nowhere yet; gives those that were added. Waits for whoever adds one of them at this moment. */
async function addKeys(tx: Tx, claims: readonly KeyClaim[]): Promise<readonly KeyId[]> {
  if (claims.length === 0) return [];
  // In one order everywhere: two writers with the same keys in another order would wait for each other.
  const sorted = [...claims].sort((a, b) => (a.key < b.key ? -1 : 1));
  const { rows } = await sql<{ key: KeyId }>`
    insert into sw_work.item_keys (key, item)
    select * from unnest(${sorted.map(({ key }) => key)}::uuid[], ${sorted.map(({ item }) => item)}::uuid[])
        on conflict (key) do nothing
    returning replace(key::text, '-', '') as key`.execute(tx);
  return rows.map(({ key }) => key);
}

/** Lets keys lead elsewhere that still lead where they did; gives those that do. */
async function moveKeys(tx: Tx, claims: readonly KeyClaim[]): Promise<readonly KeyId[]> {
  const moved: KeyId[] = [];
  for (const { key, item, was } of [...claims].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const { numAffectedRows } = await sql`
      update sw_work.item_keys set item = ${item}::uuid where key = ${key}::uuid and item = ${was}::uuid`.execute(
      tx,
    );
    if (numAffectedRows === 1n) moved.push(key);
  }
  return moved;
}

/** Gives back keys that this transaction has claimed, when the event that was to carry them is refused. */
export async function giveBackKeys(tx: Tx, claims: readonly KeyClaim[]): Promise<void> {
  for (const { key, item, was } of claims) {
    await (was === null
      ? sql`delete from sw_work.item_keys where key = ${key}::uuid and item = ${item}::uuid`.execute(tx)
      : sql`update sw_work.item_keys set item = ${was}::uuid where key = ${key}::uuid`.execute(tx));
  }
}

/**
 * Claims keys, those of one list together or not at all, and gives the lists that were refused, by index: somebody else has claimed
 * one of their keys meanwhile. Nobody sees a claim before the transaction ends. No key may be in two lists.
 */
export async function claimKeys(
  tx: Tx,
  lists: readonly (readonly KeyClaim[])[],
): Promise<ReadonlySet<number>> {
  const claims = lists.flat();
  const got = new Set([
    ...(await addKeys(
      tx,
      claims.filter(({ was }) => was === null),
    )),
    ...(await moveKeys(
      tx,
      claims.filter(({ was }) => was !== null),
    )),
  ]);
  const refused = new Set<number>();
  if (got.size === claims.length) return refused;
  for (const [index, list] of lists.entries()) {
    if (list.every(({ key }) => got.has(key))) continue;
    refused.add(index);
    await giveBackKeys(
      tx,
      list.filter(({ key }) => got.has(key)),
    );
  }
  return refused;
}
