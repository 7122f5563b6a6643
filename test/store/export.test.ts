import { expect, test } from 'vitest';
import { position } from '../../src/events/ids.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import type { Db } from '../../src/store/database.ts';
import { EXPORT_EVENTS_MAX, exportRange, wholeLog } from '../../src/store/export.ts';
import { head } from '../../src/store/read.ts';
import { sealNext, SEALS_CONSUMER } from '../../src/store/seal-log.ts';
import { readSeals, SEAL_EVENTS_MAX } from '../../src/store/seals.ts';
import type { Store } from '../../src/store/store.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { exported, imported } from '../support/logs.ts';
import { useStore } from '../support/store.ts';

const cut = useStore();
const copy = useStore();
const busy = useStore();
const copyOfBusy = useStore();

async function appendItems(store: Store, prefix: string, count: number): Promise<void> {
  const commands = Array.from({ length: count }, (_, index) => commandOf(ingested(`${prefix} ${index}`), 0));
  await store.append(commands, NOON);
}

async function seal(db: Db): Promise<void> {
  await ensureCheckpoint(db, SEALS_CONSUMER, NOON);
  await sealNext(db, true, NOON);
}

async function part(db: Db, from: number, to: number): Promise<string> {
  let file = '';
  for await (const { text } of exportRange(db, { from: position(from), to: position(to) })) file += text;
  return file;
}

test('parts of a log that are cut amid seals come to the same log, seals and all', async () => {
  const { store } = cut;
  for (const round of ['a', 'b', 'c']) {
    await appendItems(store, round, 20);
    await seal(store.db);
  }
  // Seals end at 20, 40 and 60: a cut in the first one, two in the second, one at its end, one in the last.
  const ends = [7, 25, 33, 40, 59, 60];
  for (const [index, to] of ends.entries()) {
    const from = (ends[index - 1] ?? 0) + 1;
    expect(await imported(copy.store.db, await part(store.db, from, to))).toBe(to - from + 1);
    const sealed = (await readSeals(copy.store.db, 0)).map((made) => made.to);
    expect(sealed).toEqual([20, 40, 60].filter((end) => end <= to));
  }
  expect(await head(copy.store.db)).toBe(60);
  expect(await exported(copy.store.db)).toBe(await exported(store.db));
  // A part once more: its events and seals are compared, the one that began in front of it too.
  expect(await imported(copy.store.db, await part(store.db, 34, 59))).toBe(0);
});

test('a log that is sealed while it is exported is a whole file all the same', async () => {
  const { db } = busy.store;
  await appendItems(busy.store, 'a', 2 * EXPORT_EVENTS_MAX);
  await appendItems(busy.store, 'b', EXPORT_EVENTS_MAX);
  let file = '';
  for await (const { text, until } of exportRange(db, await wholeLog(db))) {
    file += text;
    // The first seal ends with what was just read, the second with what is still to be read.
    if (until === SEAL_EVENTS_MAX) await seal(db);
  }
  expect((await readSeals(db, 0)).map(({ to }) => to)).toEqual([SEAL_EVENTS_MAX, 3 * EXPORT_EVENTS_MAX]);
  expect(await imported(copyOfBusy.store.db, file)).toBe(3 * EXPORT_EVENTS_MAX);
  expect(await readSeals(copyOfBusy.store.db, 0)).toEqual([]);
});
