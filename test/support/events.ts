import type { Tagging } from '../../src/classify/tagger.ts';
import { contentHashOf, eventIdOf, feedId, itemIdOf, itemStream, publisherId } from '../../src/events/ids.ts';
import type { ItemId, SubjectId } from '../../src/events/ids.ts';
import type { ItemIngested, ItemTagged, ItemTextFetched } from '../../src/events/item.ts';
import type { Command } from '../../src/store/append.ts';

/** A moment in the fortnight the product was made for. */
export const NOON = new Date('2026-01-13T03:00:00.000Z');

/** What a tagger says of an item in which it finds nothing. */
export const NOTHING: Tagging = { lang: 'en', tags: [], relevance: 0, event: null, refused: [] };

export function itemOf(name: string): ItemId {
  return itemIdOf(`test ${name}`);
}

export function ingested(name: string, change: Partial<ItemIngested['data']> = {}): ItemIngested {
  const data = {
    item: itemOf(name),
    feed: feedId('wire-en'),
    publisher: publisherId('wire'),
    url: `https://wire.example/${encodeURIComponent(name)}`,
    guid: name,
    lang: 'en',
    published: '2026-01-13T02:00:00.000Z',
    content: contentHashOf(name, ''),
    backfill: null,
    ...change,
  };
  return {
    type: 'ItemIngested',
    id: eventIdOf('ItemIngested', data.item, data.content),
    decidedAt: NOON,
    data,
  };
}

export function tagged(
  name: string,
  subjects: readonly string[],
  change: Partial<ItemTagged['data']> = {},
): ItemTagged {
  const data = {
    item: itemOf(name),
    content: contentHashOf(name, ''),
    text: null,
    cause: 'ingested' as const,
    lang: 'en',
    backfill: null,
    copyKey: `copy ${name}`,
    tags: subjects.map((subject) => ({
      id: subject as SubjectId,
      kind: 'place' as const,
      salience: 0.9,
      mentions: [{ start: 0, end: 4, surface: 'Nara', field: 'title' as const, alias: 'Nara', rule: 'test' }],
    })),
    relevance: 0.8,
    event: null,
    refused: [],
    dossier: 'd1',
    tagger: 't1',
    model: '',
    ...change,
  };
  const id = eventIdOf('ItemTagged', data.item, data.content, data.dossier, data.tagger, data.cause);
  return { type: 'ItemTagged', id, decidedAt: NOON, data };
}

export function textFetched(name: string, change: Partial<ItemTextFetched['data']> = {}): ItemTextFetched {
  const content = contentHashOf(name, '');
  const text = contentHashOf('page', name, '', 'A page.');
  const page = { url: `https://wire.example/${name}`, characters: 7, cut: false, canonical: null };
  const data = { item: itemOf(name), content, text, ...page, ...change };
  const id = eventIdOf('ItemTextFetched', data.item, data.content);
  return { type: 'ItemTextFetched', id, decidedAt: NOON, data };
}

/** A command that appends one item event to its stream. */
export function commandOf(
  event: ItemIngested | ItemTagged | ItemTextFetched,
  expected: number | null = null,
): Command {
  return { stream: itemStream(event.data.item), expected, events: [event] };
}
