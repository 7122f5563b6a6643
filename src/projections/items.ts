import type { Recorded } from '../events/event.ts';
import type { ContentHash, ItemId } from '../events/ids.ts';
import { isItemEvent } from '../events/item.ts';
import type { ItemEvent, ItemIngested, ItemRevised, ItemTagged } from '../events/item.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Tx } from '../store/database.ts';
import { loadRows, writeRows } from './item-rows.ts';
import type { Draft, ItemRow } from './item-rows.ts';
import type { Projection } from './projection.ts';
import { applyTags, moveTags } from './tags.ts';

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

function revisedRow(row: ItemRow, { data, recordedAt }: Recorded<ItemRevised>, words: ItemContent): ItemRow {
  const { content, revision, backfill } = data;
  // The first date the source gave stands, as in evolveItem.
  const published = row.published ?? (data.published === null ? null : new Date(data.published));
  const at = published ?? row.recorded_at;
  return { ...row, ...words, content, revision, revised_at: recordedAt, backfill, published, at };
}

function taggedRow(row: ItemRow, { data }: Recorded<ItemTagged>): ItemRow {
  const { content, dossier, tagger, lang } = data;
  return { ...row, tagged: content, dossier, tagger, lang: lang ?? row.lang };
}

/** One event further: what becomes of an item's row. An event about an item that was never ingested changes nothing. */
function evolve(
  draft: Draft | undefined,
  event: Recorded<ItemEvent>,
  words: ReadonlyMap<ContentHash, ItemContent>,
): Draft | undefined {
  if (event.type === 'ItemIngested') {
    const row = ingestedRow(event, words.get(event.data.content) ?? GONE);
    return { row, change: 'ingested', tags: null };
  }
  if (draft === undefined) return undefined;
  const { row, change } = draft;
  if (event.type === 'ItemTagged') return { row: taggedRow(row, event), change, tags: event.data.tags };
  const revised = revisedRow(row, event, words.get(event.data.content) ?? GONE);
  return { ...draft, row: revised, change: change === 'tagged' ? 'revised' : change };
}

function hashesOf(events: readonly Recorded[]): ContentHash[] {
  return events.flatMap((event) =>
    event.type === 'ItemIngested' || event.type === 'ItemRevised' ? [event.data.content] : [],
  );
}

/** The rows that events of the batch go on from. */
async function draftsBefore(
  tx: Tx,
  events: readonly Recorded<ItemEvent>[],
): Promise<Map<ItemId, Draft | undefined>> {
  const isNew = new Set(events.flatMap((event) => (event.type === 'ItemIngested' ? [event.data.item] : [])));
  const known = new Set(events.map((event) => event.data.item).filter((item) => !isNew.has(item)));
  const rows = await loadRows(tx, [...known]);
  return new Map(rows.map((row) => [row.item, { row, change: 'tagged', tags: null }]));
}

/** Items as they read now, their tags, and how many items carried a subject on a day. */
export const items: Projection = {
  name: 'items',
  tables: ['sw_read.items', 'sw_read.tags', 'sw_read.coverage'],
  handles: ['ItemIngested', 'ItemRevised', 'ItemTagged'],
  async apply(tx, batch) {
    const events = batch.filter((event) => isItemEvent(event));
    const words = await getItemContents(tx, hashesOf(events));
    const drafts = await draftsBefore(tx, events);
    const tagged = new Map<ItemId, Recorded<ItemTagged>>();
    const revised: ItemId[] = [];
    for (const event of events) {
      const { item } = event.data;
      drafts.set(item, evolve(drafts.get(item), event, words));
      if (event.type === 'ItemTagged') tagged.set(item, event);
      else if (event.type === 'ItemRevised') revised.push(item);
    }
    await writeRows(
      tx,
      [...drafts.values()].filter((draft) => draft !== undefined),
    );
    await moveTags(tx, revised);
    await applyTags(tx, [...tagged.values()]);
  },
};
