/** What the append benchmark writes: items as the log holds them, each the first event of its stream. */
import { contentHashOf, eventIdOf, feedId, itemIdOf, itemStream, publisherId } from '../src/events/ids.ts';
import type { Command } from '../src/store/append.ts';

const FIRST_MOMENT_MS = Date.parse('2026-01-13T00:00:00.000Z');

/** The `n`-th command of a run; the same numbers give the same. */
export function commandOf(run: string, n: number): Command {
  const key = `${run} ${n}`;
  const item = itemIdOf(key);
  const content = contentHashOf(key);
  const at = new Date(FIRST_MOMENT_MS + n * 1_000);
  const url = `https://www.wire.example/2026/01/${n}/leaders-meet-in-nara-and-agree-on-a-joint-search.html`;
  const data = {
    item,
    feed: feedId('wire-en'),
    publisher: publisherId('wire'),
    url,
    guid: url,
    lang: 'en',
    published: at.toISOString(),
    content,
    backfill: null,
  };
  const id = eventIdOf('ItemIngested', item, content);
  return {
    stream: itemStream(item),
    expected: 0,
    events: [{ type: 'ItemIngested', id, decidedAt: at, data }],
  };
}

/** `count` commands of a run. */
export function commandsOf(run: string, count: number): Command[] {
  return Array.from({ length: count }, (_, n) => commandOf(run, n));
}

/** Cuts a list into pieces of `size`. */
export function piecesOf<T>(list: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(list.length / size) }, (_, at) =>
    list.slice(at * size, (at + 1) * size),
  );
}
