import { sql } from 'kysely';
import { position } from '../../src/events/ids.ts';
import { addItemKeys } from '../../src/projections/item-keys.ts';
import type { Db, Tx } from '../../src/store/database.ts';
import { head } from '../../src/store/read.ts';
import { movedUrl, publishedUrl } from './newsdesk.ts';
import { told } from './told.ts';

/** What the product must have made of an item. */
export interface ExpectedItem {
  /** Whether it was there before anybody looked. */
  readonly old: boolean;
  /** Whether the rule asks for it. */
  readonly wanted: boolean;
  /** Whether it has moved to another address. */
  readonly moved?: boolean;
  /** Whether its feed asks for the full text of its page. */
  readonly paged?: boolean;
}

/** An item of the log, and what was made of it. */
interface Row {
  /** Where it was when it was first seen. */
  readonly url: string;
  readonly backfill: string | null;
  /** The decisions of rules. */
  readonly said: string | null;
  /** Where it was seen since. */
  readonly seenAt: string | null;
  /** What came of its page. */
  readonly texts: string | null;
}

async function readRows(db: Db): Promise<readonly Row[]> {
  const { rows } = await sql<Row>`
    with alerts as materialized (
      select data->>'item' as item, string_agg(type, ' ') as said from sw_log.events
       where type in ('AlertRaised', 'AlertSuppressed') group by 1),
    names as materialized (
      select stream_id, string_agg(data->>'url', ' ') as urls from sw_log.events where type = 'ItemAliased' group by 1),
    pages as materialized (
      select stream_id, string_agg(type, ' ') as texts from sw_log.events
       where type in ('ItemTextFetched', 'ItemTextMissed') group by 1)
    select i.data->>'url' as url, i.data->>'backfill' as backfill, a.said, n.urls as "seenAt", p.texts
      from sw_log.events i left join alerts a on a.item = i.data->>'item'
      left join names n on n.stream_id = i.stream_id left join pages p on p.stream_id = i.stream_id
     where i.type = 'ItemIngested'`.execute(db);
  return rows;
}

type Law = readonly [law: string, isBroken: (row: Row, item: ExpectedItem) => boolean];

const ITEM_LAWS: readonly Law[] = [
  [
    'what was there before is a backfill, what came later is not',
    ({ backfill }, { old }) => (backfill !== null) !== old,
  ],
  [
    'the rule speaks of what it asks for, and of nothing else',
    ({ said }, { wanted }) => (said !== null) !== wanted,
  ],
  [
    'new items raise alerts, old ones are held back',
    ({ said }, { old }) => said !== null && said !== (old ? 'AlertSuppressed' : 'AlertRaised'),
  ],
  [
    'an item that has moved is known at both addresses, and others at one',
    ({ url, seenAt }, { moved = false }) =>
      seenAt !== (moved && url === publishedUrl(url) ? movedUrl(url) : null),
  ],
  [
    'new items whose pages are asked for have their full text, and others have none',
    ({ texts }, { old, paged = false }) => texts !== (paged && !old ? 'ItemTextFetched' : null),
  ],
];

/** The log beside the world: each item is in, once, and what was made of it is what should be. */
export async function wrongItems(db: Db, items: ReadonlyMap<string, ExpectedItem>): Promise<string[]> {
  const rows = await readRows(db);
  const found = new Set<string>();
  const twice: string[] = [];
  for (const { url } of rows) {
    const published = publishedUrl(url);
    if (found.has(published)) twice.push(url);
    found.add(published);
  }
  const wrong = ITEM_LAWS.flatMap(([law, isBroken]) => {
    const broken = rows.filter((row) => {
      const item = items.get(publishedUrl(row.url));
      return item !== undefined && isBroken(row, item);
    });
    return told(
      law,
      broken.map(({ url, said, seenAt, texts }) => `${url} (${JSON.stringify({ said, seenAt, texts })})`),
    );
  });
  return [
    ...told(
      'no item is lost',
      [...items.keys()].filter((url) => !found.has(url)),
    ),
    ...told(
      'nothing is there that is nowhere else',
      [...found].filter((url) => !items.has(url)),
    ),
    ...told('no article is two items', twice),
    ...wrong,
  ];
}

/** Those that need no row, as their item is named after them, are left out: one may stay of a sighting that came to nothing. */
async function keysIn(tx: Tx): Promise<Set<string>> {
  const { rows } = await sql<{ row: string }>`
    select key || ' leads to ' || item as row from sw_work.item_keys where key <> item`.execute(tx);
  return new Set(rows.map(({ row }) => row));
}

/** The table of keys beside the one that the log makes. */
export async function wrongKeys(db: Db): Promise<string[]> {
  const tx = await db.startTransaction().execute();
  try {
    const kept = await keysIn(tx);
    await sql`delete from sw_work.item_keys`.execute(tx);
    await addItemKeys(tx, position(0), await head(tx));
    const made = await keysIn(tx);
    return [
      ...told(
        'a key leads where the log has it lead',
        [...kept].filter((row) => !made.has(row)),
      ),
      ...told(
        'no key is missing that the log has',
        [...made].filter((row) => !kept.has(row)),
      ),
    ];
  } finally {
    await tx.rollback().execute();
  }
}
