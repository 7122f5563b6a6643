import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { SealsLost } from '../../src/store/errors.ts';
import { head } from '../../src/store/read.ts';
import { sealAll, sealIn, SEALS_CONSUMER, sealNext } from '../../src/store/seal-log.ts';
import { NO_SEAL_HASH, readSeals, SEAL_EVENTS_MAX, sealHash } from '../../src/store/seals.ts';
import { withDamage } from '../support/damage.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

async function appendItems(prefix: string, count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, index) =>
    commandOf(ingested(`${prefix} ${index}`, { guid: `${prefix} 高市 "${index}"\n` }), 0),
  );
  await log.store.append(commands, NOON);
}

/** The digest as digest.ts describes it, made without a database's help. */
function digestOf(row: Record<string, string>): Buffer {
  const int = (value: string, bytes: 2 | 4 | 8): Buffer => {
    const buffer = Buffer.alloc(8);
    buffer.writeBigInt64BE(BigInt(value));
    return buffer.subarray(8 - bytes);
  };
  const text = (value = ''): Buffer => Buffer.from(value, 'utf8');
  const sized = (value = ''): Buffer => Buffer.concat([int(String(text(value).length), 4), text(value)]);
  const {
    position = '',
    version = '',
    event_id = '',
    schema_version = '',
    decided = '',
    recorded = '',
  } = row;
  return createHash('sha256')
    .update(
      Buffer.concat([int(position, 8), int(version, 8), Buffer.from(event_id.replaceAll('-', ''), 'hex')]),
    )
    .update(Buffer.concat([int(schema_version, 2), int(decided, 8), int(recorded, 8)]))
    .update(Buffer.concat([sized(row['stream_id']), sized(row['type']), text(row['data'])]))
    .digest();
}

test('a seal is what anybody derives from the rows by the description alone', async () => {
  await ensureCheckpoint(log.store.db, SEALS_CONSUMER, NOON);
  await appendItems('described', 30);
  expect(await sealNext(log.store.db, false, NOON)).toEqual({ seals: 0, left: 30 });
  expect(await sealNext(log.store.db, true, NOON)).toEqual({ seals: 1, left: 0 });
  const [seal] = await readSeals(log.store.db, 0);
  const us = (column: string) =>
    sql`((extract(epoch from ${sql.ref(column)}) - 946684800) * 1000000)::bigint::text`;
  const { rows } = await sql<Record<string, string>>`
    select position::text, version::text, event_id::text, schema_version::text, ${us('decided_at')} as decided,
           ${us('recorded_at')} as recorded, stream_id, type, data::text
      from sw_log.events e order by e.position`.execute(log.store.db);
  const digests = rows.map(digestOf);
  const leaves = Buffer.concat(digests.map((digest) => digest.subarray(0, 8)));
  expect(seal?.leaves.toString('hex')).toBe(leaves.toString('hex'));
  expect(seal?.root).toEqual(createHash('sha256').update(Buffer.concat(digests)).digest());
  const recorded = Buffer.alloc(8);
  recorded.writeBigInt64BE(BigInt(NOON.getTime()) * 1000n);
  const number = (value: number): Buffer => Buffer.from(value.toString(16).padStart(16, '0'), 'hex');
  const hash = createHash('sha256').update(
    Buffer.concat([NO_SEAL_HASH, number(1), number(1), number(30), recorded]),
  );
  expect(seal?.hash).toEqual(
    hash
      .update(seal?.root ?? '')
      .update(seal?.leaves ?? '')
      .digest(),
  );
});

test('ranges are cut at a thousand events, follow each other without a gap, and each names the one before', async () => {
  await appendItems('many', 2 * SEAL_EVENTS_MAX + 500);
  expect(await sealNext(log.store.db, false, NOON)).toEqual({ seals: 2, left: 500 });
  expect(await sealNext(log.store.db, true, NOON)).toEqual({ seals: 1, left: 0 });
  const seals = await readSeals(log.store.db, 0);
  expect(seals.map(({ from, to }) => [from, to])).toEqual([
    [1, 30],
    [31, 1030],
    [1031, 2030],
    [2031, await head(log.store.db)],
  ]);
  seals.forEach((seal, index) => {
    expect(seal.seal).toBe(index + 1);
    expect(seal.prev).toEqual(seals[index - 1]?.hash ?? NO_SEAL_HASH);
    expect(seal.hash).toEqual(sealHash(seal));
  });
});

test('two that seal at once make each seal once', async () => {
  await appendItems('both', 2_000);
  const { length } = await readSeals(log.store.db, 0);
  const sealed = await Promise.all([1, 2].map(() => sealNext(log.store.db, false, NOON)));
  expect(sealed.reduce((sum, one) => sum + (one?.seals ?? 0), 0)).toBe(2);
  expect(await readSeals(log.store.db, 0)).toHaveLength(length + 2);
});

test('many that seal all at once each come back when all is sealed', async () => {
  const { db } = log.store;
  await appendItems('many at once', 2_100);
  const end = await head(db);
  const ends = await Promise.all(Array.from({ length: 8 }, () => sealAll(db, () => NOON)));
  expect(ends).toEqual(ends.map(() => end));
  expect((await readSeals(db, 0)).at(-1)?.to).toBe(end);
});

test('seals that are gone are never made anew as if nothing had been', async () => {
  await withDamage(log.store.db, 'delete from sw_log.seals where seal > 2', async (tx) => {
    await expect(sealIn(tx, true, NOON)).rejects.toThrow(SealsLost);
  });
});
