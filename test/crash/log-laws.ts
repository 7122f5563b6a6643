import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { catchUp } from '../../src/projections/catch-up.ts';
import type { Db } from '../../src/store/database.ts';
import { readStreams } from '../../src/store/read.ts';
import { sealAll } from '../../src/store/seal-log.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { generate } from '../../bench/corpus.ts';
import { exportFile, importFile } from './copies.ts';
import { brokenLog, readTableHashes } from './invariants.ts';
import type { Ledger } from './ledger.ts';
import { told } from './told.ts';

/** Of the items one in so many is read back and compared: generating it anew costs more than reading it. */
const COMPARED_EVERY = 20;

const now = (): Date => new Date();

/** Follows and seals the log to its end, as the next process would. */
export async function comeToRest(db: Db): Promise<void> {
  for (const projection of PROJECTIONS) await catchUp(db, projection, now, () => undefined);
  await sealAll(db, now);
}

/** The log beside what was acknowledged. */
async function wrongEvents(db: Db, { positions, contradictions }: Ledger): Promise<string[]> {
  const { rows } = await sql<{ id: string; position: number }>`
    select event_id::text as id, position from sw_log.events`.execute(db);
  const found = new Map(rows.map(({ id, position }) => [id, position]));
  const moved = [...positions].filter(
    ([id, position]) => position !== null && found.has(id) && found.get(id) !== position,
  );
  return [
    ...told('an event is appended once', contradictions),
    ...told(
      'no acknowledged event is lost',
      [...positions.keys()].filter((id) => !found.has(id)),
    ),
    ...told(
      'an event stands where it was acknowledged',
      moved.map(([id, position]) => `${id} at ${found.get(id) ?? 0} and not ${position ?? 0}`),
    ),
    ...told(
      'nothing is in the log that was never acknowledged',
      [...found.keys()].filter((id) => !positions.has(id)),
    ),
  ];
}

/** The log beside the `items` that were to be written. */
async function wrongItems(db: Db, items: number): Promise<string[]> {
  const { rows } = await sql<{ stream: string }>`
    select stream_id as stream from sw_log.events group by stream_id
    having array_agg(type order by version) <> array['ItemIngested', 'ItemTagged']::text[]`.execute(db);
  const streams = await sql<{ streams: number }>`
    select count(distinct stream_id) as streams from sw_log.events`.execute(db);
  const found = streams.rows[0]?.streams ?? 0;
  const compared = Array.from({ length: Math.ceil(items / COMPARED_EVERY) }, (_, index) =>
    generate(index * COMPARED_EVERY, items),
  );
  const logged = await readStreams(
    db,
    compared.map(({ ingested }) => ingested.stream),
  );
  const unlike = compared.filter(({ ingested, tagged }) => {
    const given = [ingested, tagged].map(({ id, type, decidedAt, data }) => ({ id, type, decidedAt, data }));
    const kept = logged
      .get(ingested.stream)
      ?.map(({ id, type, decidedAt, data }) => ({ id, type, decidedAt, data }));
    return !isDeepStrictEqual(kept, given);
  });
  return [
    ...told('every item is in', found === items ? [] : [`${found} of ${items}`]),
    ...told(
      'each item is ingested and then tagged',
      rows.map(({ stream }) => stream),
    ),
    ...told(
      'what is in the log is what was given',
      unlike.map(({ ingested }) => ingested.stream),
    ),
  ];
}

/** Laws of the tables themselves: each query gives what breaks one. */
const TABLE_LAWS = [
  [
    'partitions follow one another',
    sql<{ broken: string }>`
      select p.name as broken
        from (select name, from_position, lag(to_position, 1, 0::bigint) over (order by from_position) as before
                from sw_log.partitions()) p
       where p.from_position <> p.before + 1`,
  ],
  [
    'every partition refuses TRUNCATE, and nobody may change it',
    sql<{ broken: string }>`
      select p.name as broken from sw_log.partitions() p join pg_class c on c.oid = ('sw_log.' || p.name)::regclass
       where not exists (select from pg_trigger t where t.tgrelid = c.oid and t.tgname = p.name || '_no_truncate')
          or exists (select from aclexplode(c.relacl) a where a.privilege_type in ('UPDATE', 'DELETE', 'TRUNCATE'))
          or c.relacl is null`,
  ],
  [
    'no half of a partition is left',
    sql<{ broken: string }>`
      select c.relname as broken from pg_class c
       where c.relnamespace = 'sw_log'::regnamespace and c.relname ~ '^events_\\d+$'
         and c.relname not in (select name from sw_log.partitions())`,
  ],
  [
    'no index of a read table is missing or half made',
    sql<{ broken: string }>`
      select c.relname as broken from pg_index i join pg_class c on c.oid = i.indexrelid
       where c.relnamespace = 'sw_read'::regnamespace and not (i.indisvalid and i.indisready)`,
  ],
] as const;

async function wrongTables(db: Db): Promise<string[]> {
  const broken: string[] = [];
  for (const [law, query] of TABLE_LAWS) {
    const { rows } = await query.execute(db);
    broken.push(
      ...told(
        law,
        rows.map((row) => row.broken),
      ),
    );
  }
  return broken;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
  return hash.digest('hex');
}

/** A log beside its copy at `url`, into which all of it is imported. */
async function wrongCopy(original: Original, name: string, url: string): Promise<string[]> {
  const copy = openStore(url, () => undefined);
  const exported = join(original.folder, `${name}.jsonl`);
  try {
    await importFile(copy.db, original.file, now);
    await comeToRest(copy.db);
    await exportFile(copy.db, exported, now);
    const broken = await brokenLog(copy.db);
    const tables = await readTableHashes(copy.db);
    return [
      ...broken.map((law) => `in ${name}: ${law}`),
      ...told(
        `read tables of ${name} are those of the original`,
        Object.keys(tables).filter((table) => tables[table] !== original.tables[table]),
      ),
      ...told(
        `${name} exports the same bytes`,
        (await hashOf(exported)) === (await hashOf(original.file)) ? [] : [exported],
      ),
    ];
  } finally {
    await copy.close();
  }
}

interface Original {
  readonly folder: string;
  /** All of it, exported. */
  readonly file: string;
  readonly tables: Readonly<Record<string, string>>;
}

/**
 * What is wrong with copies of a log at rest, once all of it is imported into them: into empty ones, and into those that hold
 * what imports left that were killed. Each is told by its name and its URL; files go to `folder`.
 */
export async function wrongCopies(
  { db }: Store,
  copies: Readonly<Record<string, string>>,
  folder: string,
): Promise<string[]> {
  const file = join(folder, 'original.jsonl');
  await exportFile(db, file, now);
  const original = { folder, file, tables: await readTableHashes(db) };
  const broken: string[] = [];
  for (const [name, url] of Object.entries(copies)) broken.push(...(await wrongCopy(original, name, url)));
  return broken;
}

/** Every law that a log of `items` generated items breaks, in words; it has to be at rest. */
export async function brokenAfter(db: Db, ledger: Ledger, items: number): Promise<string[]> {
  return [
    ...(await wrongEvents(db, ledger)),
    ...(await wrongItems(db, items)),
    ...(await wrongTables(db)),
    ...(await brokenLog(db)),
  ];
}
