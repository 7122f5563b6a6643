import assert from 'node:assert/strict';
import type { KyselyPlugin } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { contentHashOf } from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { itemText } from '../../src/query/item-text.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { putContent } from '../../src/store/content.ts';
import type { Content } from '../../src/store/content.ts';
import { DAMAGES_MAX } from '../../src/store/damage.ts';
import type { Damage } from '../../src/store/damage.ts';
import { head } from '../../src/store/read.ts';
import { sealIn, SEALS_CONSUMER, sealNext } from '../../src/store/seal-log.ts';
import { readSeals } from '../../src/store/seals.ts';
import { verify } from '../../src/store/verify.ts';
import type { Verification } from '../../src/store/verify.ts';
import { verifyTail } from '../../src/store/verify-tail.ts';
import { withDamage } from '../support/damage.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

async function appendItems(prefix: string, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => `${prefix} ${index}`);
  const words = names.map((title): [ContentHash, Content] => [
    contentHashOf(title, ''),
    itemText({ title, summary: '' }),
  ]);
  await putContent(log.store.db, new Map(words));
  await log.store.append(
    names.map((name) => commandOf(ingested(name), 0)),
    NOON,
  );
}

/** 2,500 events under four seals (1–100, 101–1100, 1101–2100, 2101–2500), and a tail of 20 that none covers. */
beforeAll(async () => {
  await ensureCheckpoint(log.store.db, SEALS_CONSUMER, NOON);
  await appendItems('first', 100);
  await sealNext(log.store.db, true, NOON);
  await appendItems('second', 2_400);
  await sealNext(log.store.db, true, NOON);
  await appendItems('tail', 20);
});

test('a log that nobody touched is found whole, its tail unsealed', async () => {
  const found = await verify(log.store.db);
  expect(found).toMatchObject({ head: 2_520, unsealed: 20, texts: 2_520, takenDown: 0, damages: [] });
  expect(found.last).toMatchObject({ seal: 4, to: 2_500 });
});

const seal3 = 'from sw_log.seals where seal = 3';
const swap = (one: number, other: number): string =>
  `update sw_log.events set position = 1000000 where position = ${one};
   update sw_log.events set position = ${one} where position = ${other};
   update sw_log.events set position = ${other} where position = 1000000`;

const DAMAGES: readonly (readonly [what: string, statements: string, found: Damage | Partial<Damage>])[] = [
  [
    'a changed byte of an event',
    `update sw_log.events set data = replace(data::text, 'second', 'sacond')::jsonb where position = 1108`,
    { kind: 'event altered', position: 1_108 as never, swappedWith: null },
  ],
  [
    'a microsecond of its recorded time',
    `update sw_log.events set recorded_at = recorded_at + interval '1 microsecond' where position = 101`,
    { kind: 'event altered', position: 101 as never },
  ],
  [
    'another schema version',
    'update sw_log.events set schema_version = 2 where position = 2500',
    { kind: 'event altered', position: 2_500 as never },
  ],
  [
    'a deleted row',
    'delete from sw_log.events where position = 1500',
    { kind: 'event removed', position: 1_500 as never },
  ],
  [
    'two swapped rows',
    swap(1_200, 1_900),
    { kind: 'event altered', position: 1_200 as never, swappedWith: 1_900 as never },
  ],
  [
    'a whole range that is gone',
    'delete from sw_log.events where position between 101 and 1100',
    { kind: 'event removed', position: 101 as never },
  ],
  [
    'a truncated tail that reaches under a seal',
    'delete from sw_log.events where position > 2400',
    { kind: 'event removed', position: 2_401 as never },
  ],
  [
    'a truncated tail behind the last seal, which its streams remember',
    'delete from sw_log.events where position > 2510',
    { kind: 'tail removed', position: 2_511 as never, until: 2_520 as never, rememberedBy: 'sw_log.streams' },
  ],
  [
    'the same, forgotten by the streams but not by a checkpoint',
    `delete from sw_log.events where position > 2510;
     delete from sw_log.streams where last_position > 2510;
     insert into sw_log.checkpoints (name, position, updated_at) values ('relay-items', 2518, now())`,
    {
      kind: 'tail removed',
      position: 2_511 as never,
      until: 2_518 as never,
      rememberedBy: 'checkpoint relay-items',
    },
  ],
  [
    'a hole behind the last seal',
    'delete from sw_log.events where position = 2505',
    { kind: 'event removed', position: 2_505 as never },
  ],
  [
    'a changed seal',
    `update sw_log.seals set root = sha256('x') where seal = 3`,
    { kind: 'seal altered', position: 1_101 as never, seal: 3 },
  ],
  [
    'a seal that was hashed anew over a changed event',
    `update sw_log.events set type = 'ItemTagged' where position = 1700;
     update sw_log.seals set root = sha256('x'), hash = sha256(prev || int8send(seal) || int8send(from_position)
       || int8send(to_position) || int8send((extract(epoch from recorded_to) * 1000000)::bigint)
       || sha256('x') || leaves) where seal = 3`,
    { kind: 'seal altered', position: 1_101 as never, seal: 3 },
  ],
  ['a removed seal', `delete ${seal3}`, { kind: 'seal removed', position: 1_101 as never, seal: 3 }],
  [
    'the first seals removed',
    'delete from sw_log.seals where seal < 3',
    { kind: 'seal removed', position: 1 as never, seal: 1 },
  ],
  [
    'a truncated chain',
    'delete from sw_log.seals where seal > 2',
    { kind: 'seal removed', position: 1_101 as never, seal: 3 },
  ],
  [
    'a text that is not what its hash says',
    `update sw_log.content set body = jsonb_set(body, '{title}', '"another"') where body->>'title' = 'second 7'`,
    { kind: 'text altered', position: 108 as never, hash: contentHashOf('second 7', '') },
  ],
  [
    'a text that is gone and was not taken down',
    `delete from sw_log.content where body->>'title' = 'tail 3'`,
    { kind: 'text removed', position: 2_504 as never, hash: contentHashOf('tail 3', '') },
  ],
];

describe('verify names the first position of', () => {
  test.each(DAMAGES)('%s', async (_what, statements, expected) => {
    await withDamage(log.store.db, statements, async (tx) => {
      const { damages } = await verify(tx);
      expect(damages[0]).toMatchObject(expected);
    });
  });
});

test('however many texts were altered, the log is looked through once for who speaks of them', async () => {
  const queriesFor = async (where: string): Promise<{ queries: number; found: Verification }> => {
    let queries = 0;
    const counting: KyselyPlugin = {
      transformQuery({ node }) {
        queries += 1;
        return node;
      },
      transformResult: ({ result }) => Promise.resolve(result),
    };
    let found: Verification | undefined;
    const change = `update sw_log.content set body = jsonb_set(body, '{title}', '"another"') where ${where}`;
    await withDamage(log.store.db, change, async (tx) => {
      queries = 0;
      found = await verify(tx.withPlugin(counting));
    });
    assert(found !== undefined);
    return { queries, found };
  };
  const one = await queriesFor(`body->>'title' = 'second 7'`);
  const all = await queriesFor(`body->>'title' like 'second %'`);
  expect(all.queries).toBe(one.queries);
  expect(all.found.damageCount).toBe(2_400);
  expect(all.found.damages).toHaveLength(DAMAGES_MAX);
  for (const damage of all.found.damages) {
    const name = `second ${damage.position - 101}`;
    expect(damage).toMatchObject({ kind: 'text altered', hash: contentHashOf(name, '') });
  }
});

test('a damage does not spread: one changed event is one damage', async () => {
  const change = `update sw_log.events set version = 9 where position = 1108`;
  await withDamage(log.store.db, change, async (tx) => {
    expect((await verify(tx)).damageCount).toBe(1);
  });
});

test('a chain made anew to its end is whole in itself, and betrayed by a hash that was kept elsewhere', async () => {
  const published = (await verify(log.store.db)).last?.hash ?? Buffer.alloc(0);
  expect((await verify(log.store.db, { expect: published })).expected).toMatchObject({ seal: 4, to: 2_500 });
  const forget = `update sw_log.events set schema_version = 2 where position = 900;
    delete from sw_log.seals; update sw_log.checkpoints set position = 0 where name = 'seals'`;
  await withDamage(log.store.db, forget, async (tx) => {
    await sealIn(tx, true, NOON);
    expect(await verify(tx, { expect: published })).toMatchObject({ damages: [], expected: null });
  });
});

test('the log grows on while it is verified', async () => {
  const growing = appendItems('meanwhile', 1_500).then(() => sealNext(log.store.db, true, NOON));
  expect((await verify(log.store.db)).damages).toEqual([]);
  await growing;
  expect(await verify(log.store.db)).toMatchObject({
    damages: [],
    head: await head(log.store.db),
    unsealed: 0,
  });
  expect((await readSeals(log.store.db, 0)).at(-1)?.to).toBe(await head(log.store.db));
});

test('seals that were made after the chain was read are not missed', async () => {
  const [first] = await readSeals(log.store.db, 0, 1);
  expect((await verifyTail(log.store.db, first ?? null)).damages).toEqual([]);
});
