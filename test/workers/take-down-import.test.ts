import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { contentHashOf, position } from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { itemText, WORDS_VERSION } from '../../src/query/item-text.ts';
import { putContent } from '../../src/store/content.ts';
import type { Db } from '../../src/store/database.ts';
import { exportRange } from '../../src/store/export.ts';
import { readLog } from '../../src/store/read-log.ts';
import { putWords } from '../../src/store/put-words.ts';
import { head } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { settleImport } from '../../src/workers/import-log.ts';
import { takeDown } from '../../src/workers/take-down.ts';
import { commandOf, ingested, itemOf, NOON } from '../support/events.ts';
import { exported, imported } from '../support/logs.ts';
import { useStore } from '../support/store.ts';

const original = useStore();
const inParts = useStore();
const inOne = useStore();
const now = (): Date => NOON;
const settle = settleImport(now);
const SECRET = { title: 'Zebrafish diplomacy exposed', summary: 'by our own reporter' };
const SECRET_HASH = contentHashOf(SECRET.title, SECRET.summary);

async function record(store: Store, name: string, body = { title: name, summary: '' }): Promise<void> {
  const content = contentHashOf(body.title, body.summary);
  await putContent(store.db, new Map([[content, itemText(body)]]));
  await store.append([commandOf(ingested(name, { content }))], NOON);
}

async function part(db: Db, from: number, to: number): Promise<string> {
  let file = '';
  for await (const { text } of exportRange(db, { from: position(from), to: position(to) })) file += text;
  return file;
}

/** The hashes of what is kept, and of what searches look into. */
async function kept(db: Db): Promise<{ content: ContentHash[]; words: string[] }> {
  const content = await db.selectFrom('sw_log.content').select('hash').orderBy('hash').execute();
  const words = await db.selectFrom('sw_read.words').select('id').orderBy('id').execute();
  return { content: content.map(({ hash }) => hash), words: words.map(({ id }) => id.replaceAll('-', '')) };
}

test('what is taken down in the middle of a log is in no export, and goes from a copy that had its words', async () => {
  const { store } = original;
  await record(store, 'before');
  await record(store, 'secret', SECRET);
  const first = await part(store.db, 1, 2);
  await takeDown(store, itemOf('secret'), { reason: 'court order', by: null }, now);
  await record(store, 'behind');
  const file = await exported(store.db);
  expect(file).not.toContain('Zebrafish');

  await imported(inParts.store.db, first, { settle });
  expect((await kept(inParts.store.db)).content).toContain(SECRET_HASH);
  await imported(inParts.store.db, await part(store.db, 3, await head(store.db)), { settle });
  await imported(inOne.store.db, file, { settle });
  const left = [contentHashOf('before', ''), contentHashOf('behind', '')].sort();
  for (const { db } of [inParts.store, inOne.store]) {
    expect(await exported(db)).toBe(file);
    expect(await kept(db)).toEqual({ content: left, words: left.map((hash) => hash.slice(0, 32)) });
  }
});

test('a line of words that is gone is told by the event behind it, whatever was taken down in front of that', async () => {
  const lines = (await exported(original.store.db)).split('\n');
  const gone = lines.findIndex((line) => line.includes('"title": "behind"'));
  expect(gone).toBeGreaterThan(4);
  const file = lines.toSpliced(gone, 1).join('\n');
  const read = async (): Promise<void> => {
    for await (const { to } of readLog(Readable.from([Buffer.from(file)]))) expect(to).toBe(4);
  };
  await expect(read()).rejects.toThrow(`line ${gone + 1} is the first whose words no line holds`);
});

test('words that were taken down come back with no part that still has them, nor are they exported where they linger', async () => {
  const { db } = original.store;
  const taken = await db.selectFrom('sw_work.taken_down').selectAll().execute();
  // As in a log whose takedown a crash has left half done.
  await db.deleteFrom('sw_work.taken_down').execute();
  await record(original.store, 'again', SECRET);
  const last = await head(original.store.db);
  const late = await part(db, last, last);
  expect(late).toContain('Zebrafish');
  await db.insertInto('sw_work.taken_down').values(taken).execute();
  expect(await exported(db)).not.toContain('Zebrafish');

  const copy = inParts.store.db;
  const before = await kept(copy);
  await imported(copy, late, { settle });
  await copy
    .transaction()
    .execute((tx) => putWords(tx, [{ hash: SECRET_HASH, words: itemText(SECRET).words }], WORDS_VERSION));
  expect(await head(copy)).toBe(last);
  expect(await kept(copy)).toEqual(before);
  const { rows } = await sql<{ all: number }>`
    select count(*) as all from sw_work.taken_down where hash = ${SECRET_HASH}`.execute(copy);
  expect(rows[0]?.all).toBe(1);
});
