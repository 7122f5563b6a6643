import { OPTIONS_OFF } from '../../src/events/feed.ts';
import {
  contentHashOf,
  eventIdOf,
  feedId,
  feedStream,
  publisherId,
  subjectId,
} from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import type { ItemIngested, ItemTagged } from '../../src/events/item.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import type { Command } from '../../src/store/append.ts';
import { itemText } from '../../src/query/item-text.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { putContent } from '../../src/store/content.ts';
import type { Content } from '../../src/store/content.ts';
import { step } from '../../src/store/follow.ts';
import type { Store } from '../../src/store/store.ts';
import { commandOf, ingested, NOON, tagged } from '../support/events.ts';

/** An item as a test states it: what a filter can ask for, and nothing else. */
export interface Told {
  readonly name: string;
  readonly subjects: readonly string[];
  readonly lang?: string | null;
  readonly publisher?: string;
  /** ISO 8601; null when the source gave none. */
  readonly published?: string | null;
}

function eventsOf(told: Told): { ingest: ItemIngested; tag: ItemTagged } {
  const { name, subjects, lang = 'en', publisher = 'wire', published = '2026-01-13T02:00:00.000Z' } = told;
  const content = contentHashOf(name, `About ${name}.`);
  const change = { content, lang, publisher: publisherId(publisher), published };
  return { ingest: ingested(name, change), tag: tagged(name, subjects, { content, lang }) };
}

/** Brings every read table up to the end of the log. */
export async function catchUp(store: Store, now = NOON): Promise<void> {
  for (const projection of PROJECTIONS) {
    const consumer = consumerOf(projection);
    await ensureCheckpoint(store.db, consumer.name, now);
    for (;;) {
      const done = await step(store.db, consumer, () => now);
      if (done === null || done.until === done.from) break;
    }
  }
}

/** Writes items and their tags into the log, as the workers do, and brings the read tables along. */
export async function fill(store: Store, items: readonly Told[], now = NOON): Promise<void> {
  const commands: Command[] = [];
  const contents = new Map<ContentHash, Content>();
  for (const told of items) {
    const { ingest, tag } = eventsOf(told);
    const body = { title: told.name, summary: `About ${told.name}.` };
    contents.set(ingest.data.content, itemText(body));
    commands.push(commandOf(ingest, 0), commandOf(tag, 1));
  }
  await putContent(store.db, contents);
  await store.append(commands, now);
  await catchUp(store, now);
}

/** Adds a feed by hand. */
export function feedAdded(id: string, title = id): Command {
  const feed = feedId(id);
  const data = {
    feed,
    url: `https://${id}.example/rss`,
    title,
    publisher: publisherId('wire'),
    lang: 'en',
    dossier: null,
    options: OPTIONS_OFF,
  };
  const event = { type: 'FeedAdded' as const, id: eventIdOf('FeedAdded', feed, 0), decidedAt: NOON, data };
  return { stream: feedStream(feed), expected: null, events: [event] };
}

export const subjectsOf = (...ids: readonly string[]): ReturnType<typeof subjectId>[] => ids.map(subjectId);
