import { sql } from 'kysely';
import type { Insertable, RawBuilder } from 'kysely';
import type { Recorded } from '../events/event.ts';
import type { ContentHash, ItemId } from '../events/ids.ts';
import type { ItemIngested, ItemRevised, ItemTagged } from '../events/item.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import type { Projection } from './projection.ts';
import { applyTags, moveTags } from './tags.ts';

type ItemRow = Insertable<Tables['sw_read.items']>;
type ItemPatch = Partial<ItemRow>;

/** The words of an item that was taken down. */
const GONE: ItemContent = { title: '', summary: '' };

function ingestedRow({ data, position, recordedAt }: Recorded<ItemIngested>, words: ItemContent): ItemRow {
  const { item, feed, publisher, url, lang, content, backfill } = data;
  const published = data.published === null ? null : new Date(data.published);
  return {
    item,
    position,
    feed,
    publisher,
    url,
    lang,
    published,
    recorded_at: recordedAt,
    at: published ?? recordedAt,
    ...words,
    content,
    revision: 0,
    revised_at: null,
    backfill,
    tagged: null,
    dossier: null,
    tagger: null,
  };
}

function revisedPatch({ data, recordedAt }: Recorded<ItemRevised>, words: ItemContent): ItemPatch {
  const { content, revision, backfill } = data;
  const published = data.published === null ? null : new Date(data.published);
  return { ...words, content, revision, revised_at: recordedAt, backfill, published };
}

function taggedPatch({ data }: Recorded<ItemTagged>): ItemPatch {
  const { content, dossier, tagger, lang } = data;
  return { tagged: content, dossier, tagger, ...(lang !== null && { lang }) };
}

/** The first date the source gave stands, as in evolveItem. */
function firstDate<Row extends ItemPatch>(before: Row, change: ItemPatch): Row {
  const published = before.published ?? change.published;
  return { ...before, ...change, ...(published !== undefined && { published }) };
}

function revisedRow(row: ItemRow, change: ItemPatch): ItemRow {
  const revised = firstDate(row, change);
  return { ...revised, at: revised.published ?? revised.recorded_at };
}

function hashesOf(events: readonly Recorded[]): ContentHash[] {
  return events.flatMap((event) =>
    event.type === 'ItemIngested' || event.type === 'ItemRevised' ? [event.data.content] : [],
  );
}

/** Columns and their types: whole batches go over as one array a column, which binds nothing a row. */
const COLUMNS = {
  item: 'text',
  position: 'bigint',
  feed: 'text',
  publisher: 'text',
  url: 'text',
  lang: 'text',
  published: 'timestamptz',
  recorded_at: 'timestamptz',
  at: 'timestamptz',
  title: 'text',
  summary: 'text',
  content: 'text',
  revision: 'int',
  revised_at: 'timestamptz',
  backfill: 'text',
  tagged: 'text',
  dossier: 'text',
  tagger: 'text',
} as const satisfies Record<keyof ItemRow, string>;
type Column = keyof typeof COLUMNS;

function arrays(names: readonly Column[], rows: readonly ItemPatch[]): RawBuilder<unknown> {
  return sql.join(
    names.map((name) => sql`${rows.map((row) => row[name] ?? null)}::${sql.raw(COLUMNS[name])}[]`),
  );
}

function refs(names: readonly Column[]): RawBuilder<unknown> {
  return sql.join(names.map((name) => sql.ref(name)));
}

async function insertItems(tx: Tx, rows: readonly ItemRow[]): Promise<void> {
  if (rows.length === 0) return;
  const names = Object.keys(COLUMNS) as Column[];
  await sql`insert into sw_read.items (${refs(names)}) select * from unnest(${arrays(names, rows)})`.execute(
    tx,
  );
}

/** Updates the rows of `patches`, one statement for all patches that touch the same columns. */
async function updateItems(tx: Tx, patches: ReadonlyMap<ItemId, ItemPatch>): Promise<void> {
  const groups = new Map<string, ItemPatch[]>();
  for (const [item, patch] of patches) {
    const columns = Object.keys(patch).sort().join();
    const group = groups.get(columns);
    if (group === undefined) groups.set(columns, [{ item, ...patch }]);
    else group.push({ item, ...patch });
  }
  for (const [columns, group] of groups) {
    const names = columns.split(',') as Column[];
    const all: Column[] = ['item', ...names];
    const sets = names.map((name) =>
      name === 'published'
        ? sql`published = coalesce(i.published, p.published), at = coalesce(i.published, p.published, i.recorded_at)`
        : sql`${sql.ref(name)} = p.${sql.ref(name)}`,
    );
    await sql`
      update sw_read.items i set ${sql.join(sets)}
        from unnest(${arrays(all, group)}) as p (${refs(all)})
       where i.item = p.item`.execute(tx);
  }
}

/** Items as they read now, their tags, and how many items carried a subject on a day. */
export const items: Projection = {
  name: 'items',
  tables: ['sw_read.items', 'sw_read.tags', 'sw_read.coverage'],
  handles: ['ItemIngested', 'ItemRevised', 'ItemTagged'],
  async apply(tx, events) {
    const words = await getItemContents(tx, hashesOf(events));
    const rows = new Map<ItemId, ItemRow>();
    const patches = new Map<ItemId, ItemPatch>();
    const tagged = new Map<ItemId, Recorded<ItemTagged>>();
    const revised: ItemId[] = [];
    const patch = (item: ItemId, change: ItemPatch): void => {
      const row = rows.get(item);
      if (row !== undefined) rows.set(item, revisedRow(row, change));
      else patches.set(item, firstDate(patches.get(item) ?? {}, change));
    };
    for (const event of events) {
      if (event.type === 'ItemIngested') {
        rows.set(event.data.item, ingestedRow(event, words.get(event.data.content) ?? GONE));
      } else if (event.type === 'ItemRevised') {
        patch(event.data.item, revisedPatch(event, words.get(event.data.content) ?? GONE));
        revised.push(event.data.item);
      } else if (event.type === 'ItemTagged') {
        patch(event.data.item, taggedPatch(event));
        tagged.set(event.data.item, event);
      }
    }
    await insertItems(tx, [...rows.values()]);
    await updateItems(tx, patches);
    await moveTags(tx, revised);
    await applyTags(tx, [...tagged.values()]);
  },
};
