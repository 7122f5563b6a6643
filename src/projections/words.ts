import { sql } from 'kysely';
import { WORDS_VERSION, wordsVectorOf } from '../query/item-text.ts';
import type { ContentHash } from '../events/ids.ts';
import { wordsIdIn, WORDS_KINDS } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Db, Tx } from '../store/database.ts';
import { patiently } from '../store/patiently.ts';
import { createTables, finishTables, serveTables } from './build-tables.ts';
import type { TableShape } from './projection.ts';
import { isServed, lockServed, noteServed, SWITCH_TURN_MS } from './switch.ts';

/**
 * The words of all texts, under half of their hash. Not a projection of the log: they follow from the texts alone, are written
 * beside them (store/content.ts), go with them, and stay what they are whatever becomes of the items. So rebuilding items does
 * not cut texts into words again, and an answer as of a past moment finds the words of that time.
 */
const WORDS: TableShape = {
  columns: `
  id    uuid     not null primary key,
  terms tsvector not null`,
  whenFull: [
    // Out of line as they are once a row is too long: compressing them takes longer than writing them.
    'alter table words alter column terms set storage external',
    'create index words_by_terms on words using gin (terms)',
  ],
};
const TABLES = { 'sw_read.words': WORDS };

/** Named like a projection wherever versions are told. */
export const WORDS_NAME = 'words';
export const WORDS_SERVED = { name: WORDS_NAME, version: WORDS_VERSION };

const TEXTS_MAX = 1_000;
const FILL_LOCK = sql`7301, 3`;

interface Text {
  readonly hash: ContentHash;
  readonly body: ItemContent;
}

async function addWords(db: Db | Tx, texts: readonly Text[]): Promise<void> {
  await sql`
    insert into sw_build.words (id, terms)
    select ${wordsIdIn('hash')}, terms from unnest(
      ${texts.map(({ hash }) => hash)}::text[], ${texts.map(({ body }) => wordsVectorOf(body))}::tsvector[]) as g (hash, terms)
        on conflict (id) do nothing`.execute(db);
}

/** Texts after `after` in the order of their hashes. */
async function textsAfter(db: Db, after: string): Promise<readonly Text[]> {
  const { rows } = await sql<Text>`
    select hash, body from sw_log.content where kind = any(${WORDS_KINDS}::text[]) and hash > ${after} order by hash limit ${TEXTS_MAX}`.execute(
    db,
  );
  return rows;
}

async function countTexts(db: Db): Promise<number> {
  const { rows } = await sql<{ texts: number }>`
    select count(*) as texts from sw_log.content where kind = any(${WORDS_KINDS}::text[])`.execute(db);
  return rows[0]?.texts ?? 0;
}

/** Cuts texts that came while the others were read, at most TEXTS_MAX; gives how many. */
async function addMissing(db: Db | Tx): Promise<number> {
  const { rows } = await sql<Text>`
    select c.hash, c.body from sw_log.content c
     where c.kind = any(${WORDS_KINDS}::text[]) and not exists (select from sw_build.words w where w.id = ${wordsIdIn('c.hash')})
     limit ${TEXTS_MAX}`.execute(db);
  await addWords(db, rows);
  return rows.length;
}

/** Texts that were taken down since they were read. */
async function dropTakenDown(tx: Tx): Promise<void> {
  await sql`
    delete from sw_build.words w using sw_work.taken_down t where w.id = ${wordsIdIn('t.hash')}`.execute(tx);
}

/** How many of all texts are cut. */
export type WordsProgress = (progress: { projection: string; done: number; total: number }) => void;

export interface WordsOptions {
  readonly now: () => Date;
  /** Whether words that are of this version already are left as they are. */
  readonly onlyOlder?: boolean;
  readonly onProgress?: WordsProgress;
}

/**
 * Cuts all texts into words anew, beside the words that are served, and puts them in their place. One process at a time, others
 * wait; one that is killed begins again. Gives how many texts there were.
 */
export async function rebuildWords(db: Db, options: WordsOptions): Promise<number> {
  const { now, onlyOlder = false, onProgress = (): void => undefined } = options;
  return await db.connection().execute(async (own) => {
    await sql`select pg_advisory_lock(${FILL_LOCK})`.execute(own);
    try {
      if (onlyOlder && (await isServed(own, WORDS_SERVED))) return 0;
      return await cutTexts(db, now, onProgress);
    } finally {
      await sql`select pg_advisory_unlock(${FILL_LOCK})`.execute(own);
    }
  });
}

async function cutTexts(db: Db, now: () => Date, onProgress: WordsProgress): Promise<number> {
  await db.transaction().execute((tx) => createTables(tx, TABLES));
  const total = await countTexts(db);
  let [done, after] = [0, ''];
  for (;;) {
    const texts = await textsAfter(db, after);
    const last = texts.at(-1);
    if (last === undefined) break;
    await addWords(db, texts);
    done += texts.length;
    after = last.hash;
    onProgress({ projection: WORDS_NAME, done, total: Math.max(total, done) });
  }
  await db.transaction().execute((tx) => finishTables(tx, TABLES));
  while ((await addMissing(db)) === TEXTS_MAX);
  const tables = Object.keys(TABLES);
  await patiently(db, tables, () => db.transaction().execute((tx) => trySwitch(tx, tables, now())));
  return done;
}

async function trySwitch(tx: Tx, tables: readonly string[], now: Date): Promise<void> {
  await sql`set local lock_timeout = ${sql.lit(SWITCH_TURN_MS)}`.execute(tx);
  // No text may come with its words for the old table, or go, between the last look and the switch.
  await sql`lock table sw_log.content in share row exclusive mode`.execute(tx);
  await lockServed(tx, tables);
  while ((await addMissing(tx)) > 0);
  await dropTakenDown(tx);
  await serveTables(tx, TABLES);
  await noteServed(tx, WORDS_SERVED, now);
}
