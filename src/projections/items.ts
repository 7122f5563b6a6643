import type { Recorded } from '../events/event.ts';
import type { ItemId } from '../events/ids.ts';
import type { ItemIngested, ItemRevised, ItemTagged, ItemTextFetched } from '../events/item.ts';
import { wordsIdOf } from '../store/content.ts';
import type { Tx } from '../store/database.ts';
import { loadRows, writeRows } from './item-rows.ts';
import type { Draft, ItemRow } from './item-rows.ts';
import { ITEMS, ITEM_VERSIONS } from './items-tables.ts';
import type { Projection, ReadSchema } from './projection.ts';
import { NO_EVENT, NO_TAGS, rowEventOf, rowTagsOf } from './terms.ts';

function ingestedRow({ data, position, recordedAt }: Recorded<ItemIngested>): ItemRow {
  const { item, feed, publisher, url, lang, content, backfill } = data;
  const published = data.published === null ? null : new Date(data.published);
  return {
    item,
    position,
    from_position: position,
    feed,
    publisher,
    url,
    lang,
    published,
    recorded_at: recordedAt,
    at: published ?? recordedAt,
    content,
    full_text: null,
    words: wordsIdOf(content),
    revision: 0,
    revised_at: null,
    backfill,
    tagged: null,
    dossier: null,
    tagger: null,
    relevance: null,
    ...NO_TAGS,
    ...NO_EVENT,
  };
}

function revisedRow(row: ItemRow, { data, position, recordedAt }: Recorded<ItemRevised>): ItemRow {
  const { content, revision, backfill } = data;
  // The first date the source gave stands, as in evolveItem.
  const published = row.published ?? (data.published === null ? null : new Date(data.published));
  return {
    ...row,
    from_position: position,
    content,
    full_text: null,
    words: wordsIdOf(content),
    revision,
    revised_at: recordedAt,
    backfill,
    published,
    at: published ?? row.recorded_at,
  };
}

/** Text of words that the item no longer has is none of its. */
function fetchedRow(row: ItemRow, { data, position }: Recorded<ItemTextFetched>): ItemRow {
  const { content, text } = data;
  if (content !== row.content) return row;
  return { ...row, from_position: position, full_text: text, words: wordsIdOf(text) };
}

function taggedRow(row: ItemRow, { data, position }: Recorded<ItemTagged>): ItemRow {
  const { content, text, dossier, tagger, lang, tags, relevance, event } = data;
  const tagged = text ?? content;
  const next = {
    ...row,
    from_position: position,
    tagged,
    dossier,
    tagger,
    relevance,
    lang: lang ?? row.lang,
  };
  return { ...next, ...rowTagsOf(tags), ...rowEventOf(event) };
}

/**
 * Events that make another version of an item's row. A takedown makes none: rows hold no words, and facts stay; nor does a full text
 * that there is none of, nor a further name.
 */
type RowEvent = ItemIngested | ItemRevised | ItemTextFetched | ItemTagged;

function rowAfter(row: ItemRow, event: Recorded<Exclude<RowEvent, ItemIngested>>): ItemRow {
  switch (event.type) {
    case 'ItemRevised':
      return revisedRow(row, event);
    case 'ItemTextFetched':
      return fetchedRow(row, event);
    case 'ItemTagged':
      return taggedRow(row, event);
  }
}

const isRowEvent = (event: Recorded): event is Recorded<RowEvent> =>
  event.type === 'ItemIngested' ||
  event.type === 'ItemRevised' ||
  event.type === 'ItemTextFetched' ||
  event.type === 'ItemTagged';

/** One event further: what becomes of an item's row. An event about an item that was never ingested changes nothing. */
function evolve(draft: Draft | undefined, event: Recorded<RowEvent>): Draft | undefined {
  if (event.type === 'ItemIngested') {
    return { row: ingestedRow(event), isNew: true, until: null, past: [] };
  }
  if (draft === undefined) return undefined;
  const row = rowAfter(draft.row, event);
  if (row === draft.row) return draft;
  // The first change of the batch ends the version that the table has.
  if (!draft.isNew && draft.until === null) return { ...draft, row, until: event.position };
  return { ...draft, row, past: [...draft.past, { row: draft.row, until: event.position }] };
}

/** The rows that events of the batch go on from. */
async function draftsBefore(
  tx: Tx,
  events: readonly Recorded<RowEvent>[],
  schema: ReadSchema,
): Promise<Map<ItemId, Draft | undefined>> {
  const isNew = new Set(events.flatMap((event) => (event.type === 'ItemIngested' ? [event.data.item] : [])));
  const known = new Set(events.map((event) => event.data.item).filter((item) => !isNew.has(item)));
  const rows = await loadRows(tx, [...known], schema);
  return new Map(rows.map((row) => [row.item, { row, isNew: false, until: null, past: [] }]));
}

/** Items as they are now with their tags, and as they were at any position before. */
export const items: Projection = {
  name: 'items',
  version: 4,
  tables: { 'sw_read.items': ITEMS, 'sw_read.item_versions': ITEM_VERSIONS },
  handles: ['ItemIngested', 'ItemRevised', 'ItemTextFetched', 'ItemTagged'],
  async apply(tx, batch, schema) {
    const events = batch.filter(isRowEvent);
    const drafts = await draftsBefore(tx, events, schema);
    for (const event of events) {
      const { item } = event.data;
      drafts.set(item, evolve(drafts.get(item), event));
    }
    await writeRows(
      tx,
      [...drafts.values()].filter((draft) => draft !== undefined),
      schema,
    );
  },
};
