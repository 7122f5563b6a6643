import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { tablesOf } from '../../src/projections/projection.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { rebuildWords } from '../../src/projections/words.ts';
import type { Db } from '../../src/store/database.ts';
import { verify } from '../../src/store/verify.ts';
import { wrongItems, wrongKeys } from './item-laws.ts';
import type { ExpectedItem } from './item-laws.ts';
import { told } from './told.ts';
import type { Post } from './world.ts';

/** What the product must have made of the world, whatever happened to it meanwhile. */
export interface Expected {
  /** Every item there is, by the URL it was published under. */
  readonly items: ReadonlyMap<string, ExpectedItem>;
  readonly posts: readonly Post[];
}

/** Laws that hold of any log: each query gives what breaks one. */
const LAWS: readonly (readonly [string, RawBuilder<{ broken: string }>])[] = [
  [
    'positions are dense',
    sql`select format('%s events, the last at %s', count(*), max(position)) as broken from sw_log.events
         having count(*) <> coalesce(max(position), 0)`,
  ],
  [
    'versions are dense in each stream',
    sql`select stream_id as broken from sw_log.events group by stream_id
         having count(*) <> max(version) or min(version) <> 1`,
  ],
  [
    'the log remembers each stream as it is',
    sql`select s.stream_id as broken from sw_log.streams s
          left join (select stream_id, max(version) as version from sw_log.events group by 1) e using (stream_id)
         where e.version is distinct from s.version`,
  ],
  [
    'time does not run back',
    sql`select e.position::text as broken
          from (select position, recorded_at, lag(recorded_at) over (order by position) as before from sw_log.events) e
         where e.recorded_at < e.before`,
  ],
  [
    'an item is ingested once',
    sql`select stream_id as broken from sw_log.events where type = 'ItemIngested'
         group by stream_id having count(*) > 1`,
  ],
  [
    'no event is there twice',
    sql`select event_id::text as broken from sw_log.events group by event_id having count(*) > 1`,
  ],
  [
    'words are tagged once',
    sql`select stream_id || ' ' || coalesce(data->>'text', data->>'content') as broken
          from sw_log.events where type = 'ItemTagged'
         group by stream_id, coalesce(data->>'text', data->>'content') having count(*) > 1`,
  ],
  [
    'the words an item has now are tagged',
    sql`select w.stream_id as broken
          from (select distinct on (stream_id) stream_id, coalesce(data->>'text', data->>'content') as content
                  from sw_log.events
                 where type in ('ItemIngested', 'ItemRevised', 'ItemTextFetched')
                 order by stream_id, version desc) w
         where not exists (select from sw_log.events t where t.stream_id = w.stream_id
                              and t.type = 'ItemTagged'
                              and coalesce(t.data->>'text', t.data->>'content') = w.content)`,
  ],
  [
    'words are kept of every item',
    sql`select stream_id as broken from sw_log.events e
         where type in ('ItemIngested', 'ItemRevised', 'ItemTextFetched')
           and not exists (select from sw_log.content c
                            where c.hash = coalesce(e.data->>'text', e.data->>'content'))`,
  ],
  [
    'of the page of an item comes one thing',
    sql`select stream_id as broken from sw_log.events where type in ('ItemTextFetched', 'ItemTextMissed')
         group by stream_id, data->>'content' having count(*) > 1`,
  ],
  ['no page is left to be fetched', sql`select item as broken from sw_work.pages`],
  [
    'a rule decides about an item once',
    sql`select (data->>'rule') || ' ' || (data->>'item') as broken from sw_log.events
         where type in ('AlertRaised', 'AlertSuppressed') group by data->>'rule', data->>'item' having count(*) > 1`,
  ],
  [
    'nothing is raised on a backfill',
    sql`select r.stream_id as broken from sw_log.events r
          join sw_log.events t on t.event_id = (r.data->>'tagged')::uuid and t.type = 'ItemTagged'
         where r.type = 'AlertRaised' and t.data->>'backfill' is not null`,
  ],
  [
    'a raised alert is delivered once a channel',
    sql`select r.stream_id as broken
          from sw_log.events r cross join jsonb_array_elements_text(r.data->'channels') c
         where r.type = 'AlertRaised'
           and 1 <> (select count(*) from sw_log.events d where d.stream_id = r.stream_id
                        and d.type = 'AlertDelivered' and d.data->>'channel' = c)`,
  ],
  [
    'only raised alerts are delivered',
    sql`select d.stream_id as broken from sw_log.events d where d.type in ('AlertDelivered', 'AlertDeliveryFailed')
           and not exists (select from sw_log.events r where r.stream_id = d.stream_id and r.type = 'AlertRaised')`,
  ],
  ['no delivery is left', sql`select alert as broken from sw_work.deliveries where not done`],
  [
    'no consumer has halted',
    sql`select name || ': ' || coalesce(error, '') as broken from sw_log.checkpoints where status = 'halted'`,
  ],
];

async function brokenLaws(db: Db): Promise<string[]> {
  const problems: string[] = [];
  for (const [law, query] of LAWS) {
    const { rows } = await query.execute(db);
    problems.push(
      ...told(
        law,
        rows.map(({ broken }) => broken),
      ),
    );
  }
  return problems;
}

/** What was posted: each raised alert, under the id of its event, and nothing else. */
async function wrongPosts(db: Db, posts: readonly Post[]): Promise<string[]> {
  const { rows } = await sql<{ alert: string; id: string }>`
    select data->>'alert' as alert, event_id::text as id from sw_log.events where type = 'AlertRaised'`.execute(
    db,
  );
  const raised = new Map(rows.map(({ alert, id }) => [alert, id]));
  const taken = new Set(posts.filter(({ status }) => status < 300).map(({ alert }) => alert));
  return [
    ...told(
      'every raised alert has arrived',
      [...raised.keys()].filter((alert) => !taken.has(alert)),
    ),
    ...told(
      'every post bears the id of its alert',
      posts.filter(({ alert, id }) => raised.get(alert) !== id).map(({ alert }) => alert),
    ),
  ];
}

/** A hash over every row and index of every read table, by table: equal for equal tables, however they are stored. */
export async function readTableHashes(db: Db): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const table of ['sw_read.words' as const, ...PROJECTIONS.flatMap(tablesOf)]) {
    const { rows } = await sql<{ hash: string }>`
      select count(*) || ' rows ' || coalesce(md5(string_agg(row, '' order by row)), '') || ' '
             || (select count(*) || ' indexes ' || md5(string_agg(indexdef, '' order by indexdef)) from pg_indexes
                  where schemaname || '.' || tablename = ${table}) as hash
        from (select md5(to_jsonb(t)::text) as row from ${sql.table(table)} t) r`.execute(db);
    hashes[table] = rows[0]?.hash ?? '';
  }
  return hashes;
}

async function staleTables(db: Db): Promise<string[]> {
  const before = await readTableHashes(db);
  await rebuildWords(db, { now: () => new Date() });
  for (const projection of PROJECTIONS) {
    await rebuild(db, projection, { now: () => new Date() });
  }
  const after = await readTableHashes(db);
  return told(
    'read tables are what a fresh rebuild makes',
    Object.keys(after)
      .filter((table) => before[table] !== after[table])
      .map((table) => `${table} (${before[table] ?? ''}, rebuilt ${after[table] ?? ''})`),
  );
}

async function damages(db: Db): Promise<string[]> {
  const found = await verify(db);
  return told(
    'what was sealed is what the log holds, and nothing is missing beyond it',
    found.damages.map((damage) => JSON.stringify(damage)),
  );
}

/** Every law of a log that is broken, whatever it is about, in words; rebuilds the read tables on the way. */
export async function brokenLog(db: Db): Promise<string[]> {
  return [...(await brokenLaws(db)), ...(await damages(db)), ...(await staleTables(db))];
}

/** Every law of the product that is broken, in words; rebuilds the read tables on the way. */
export async function violations(db: Db, { items, posts }: Expected): Promise<string[]> {
  return [
    ...(await wrongItems(db, items)),
    ...(await wrongKeys(db)),
    ...(await wrongPosts(db, posts)),
    ...(await brokenLog(db)),
  ];
}
