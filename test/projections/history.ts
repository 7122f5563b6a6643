import fc from 'fast-check';
import type { AlertEvent } from '../../src/events/alert.ts';
import type { NewsEvent } from '../../src/events/event.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import {
  alertIdOf,
  alertStream,
  contentHashOf,
  eventIdOf,
  feedId,
  feedStream,
  itemStream,
  publisherId,
  ruleId,
  ruleStream,
} from '../../src/events/ids.ts';
import type { Position } from '../../src/events/ids.ts';
import type { ItemEvent } from '../../src/events/item.ts';
import type { RuleEvent } from '../../src/events/rule.ts';
import { itemText } from '../../src/query/item-text.ts';
import type { Command } from '../../src/store/append.ts';
import { putContent } from '../../src/store/content.ts';
import { head } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { ingested, itemOf, NOON, tagged, textFetched } from '../support/events.ts';

/** Something happens to one of two feeds, rules, items, or alerts; what exactly follows from `how`, and what was before. */
export const move = fc.record({
  what: fc.constantFrom('feed' as const, 'rule' as const, 'item' as const, 'alert' as const),
  which: fc.constantFrom('a', 'b'),
  how: fc.nat(7),
});
export type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;
type Fresh = Pick<NewsEvent, 'id' | 'decidedAt'>;

function feedEvent(name: string, { how }: Move, count: number, fresh: Fresh): FeedEvent {
  const feed = feedId(name);
  const url = `https://${name}.example/${count}`;
  const reason = `reason ${count}`;
  const failure = { kind: 'hard' as const, reason, status: 404, evidence: null };
  const options = { fullText: count % 2 === 0, allowPrivate: false };
  const added = {
    feed,
    url,
    title: `Feed ${count}`,
    publisher: publisherId('wire'),
    lang: null,
    dossier: null,
    options,
  };
  const all: readonly FeedEvent[] = [
    { ...fresh, type: 'FeedAdded', data: added },
    { ...fresh, type: 'FeedPaused', data: { feed, reason } },
    { ...fresh, type: 'FeedResumed', data: { feed, reason } },
    { ...fresh, type: 'FeedRemoved', data: { feed, cause: 'hand', reason } },
    { ...fresh, type: 'FeedMoved', data: { feed, from: url, to: url, cause: 'redirect', reason } },
    { ...fresh, type: 'FeedFailed', data: { feed, failure } },
    { ...fresh, type: 'FeedRecovered', data: { feed, failures: 1 } },
    { ...fresh, type: 'FeedOptionsChanged', data: { feed, options, cause: 'hand', reason } },
  ];
  return all[how] ?? { ...fresh, type: 'FeedAdded', data: added };
}

function ruleEvent(name: string, { how }: Move, count: number, fresh: Fresh): RuleEvent {
  const rule = ruleId(name);
  const version = `v${count}`;
  if (how > 4) return { ...fresh, type: 'RuleRetired', data: { rule, version, cause: 'hand', reason: '' } };
  const definition = { rule, title: `Rule ${count}`, about: '', query: 'nara', channels: [] };
  return { ...fresh, type: 'RuleDefined', data: { rule, version, definition, dossier: null } };
}

const wordsOf = (name: string, count: number): { title: string; summary: string } => ({
  title: `${name}, ${count}`,
  summary: '',
});

/** `revisions` are those before: their numbers follow each other, whatever lies between. */
function itemEvent(
  name: string,
  feed: string,
  { how }: Move,
  { count, revisions }: { readonly count: number; readonly revisions: number },
  fresh: Fresh,
): ItemEvent {
  const content = contentHashOf(wordsOf(name, count).title, '');
  if (count === 0) return { ...ingested(name, { content, feed: feedId(feed) }), ...fresh };
  if (how === 7) {
    const first = contentHashOf(wordsOf(name, 0).title, '');
    const text = contentHashOf('page', name, `${count}`);
    return { ...textFetched(name, { content: first, text, characters: count }), ...fresh };
  }
  if (how > 3) return { ...tagged(name, how > 4 ? ['nara'] : ['andong'], { content }), ...fresh };
  const data = {
    item: itemOf(name),
    feed: feedId(feed),
    revision: revisions + 1,
    content,
    previous: content,
  };
  return { ...fresh, type: 'ItemRevised', data: { ...data, published: null, backfill: null } };
}

function alertEvent(name: string, rule: string, { how }: Move, count: number, fresh: Fresh): AlertEvent {
  const item = itemOf(name);
  const alert = alertIdOf(ruleId(rule), item);
  const content = contentHashOf(wordsOf(name, 0).title, '');
  const ground = { alert, rule: ruleId(rule), ruleVersion: 'v', item, content, tagged: fresh.id };
  const decided = { ...ground, dossier: 'd', tagger: 't', matches: [] };
  if (count === 0) {
    return how === 0
      ? { ...fresh, type: 'AlertSuppressed', data: { ...decided, reason: { kind: 'retagged' } } }
      : { ...fresh, type: 'AlertRaised', data: { ...decided, channels: ['webhook'] } };
  }
  if (how < 3)
    return { ...fresh, type: 'AlertAcknowledged', data: { alert, by: 'kim', note: `note ${count}` } };
  const attempt = { alert, channel: how === 3 ? 'console' : 'webhook', attempt: count };
  if (how < 5) return { ...fresh, type: 'AlertDelivered', data: { ...attempt, detail: `sent ${count}` } };
  const failed = { ...attempt, reason: `HTTP ${count}`, final: how === 6 };
  return { ...fresh, type: 'AlertDeliveryFailed', data: failed };
}

let runs = 0;

/** What a move adds to the log: the `count`th of its kind about its name. */
function commandOf(
  run: number,
  step: Move,
  { count, revisions }: { readonly count: number; readonly revisions: number },
  fresh: Fresh,
): Command {
  const named = (kind: string): string => `${kind}-${run}-${step.which}`;
  const [feed, rule, item] = [named('feed'), named('rule'), named('item')];
  switch (step.what) {
    case 'feed':
      return {
        stream: feedStream(feedId(feed)),
        expected: null,
        events: [feedEvent(feed, step, count, fresh)],
      };
    case 'rule':
      return {
        stream: ruleStream(ruleId(rule)),
        expected: null,
        events: [ruleEvent(rule, step, count, fresh)],
      };
    case 'item': {
      const event = itemEvent(item, feed, step, { count, revisions }, fresh);
      return { stream: itemStream(itemOf(item)), expected: null, events: [event] };
    }
    case 'alert': {
      const event = alertEvent(item, rule, step, count, fresh);
      return { stream: alertStream(event.data.alert), expected: null, events: [event] };
    }
  }
}

/** Writes a history: an event a move and a second, about names that no other has. Gives where the log stood before it. */
export async function happen(store: Store, moves: readonly Move[]): Promise<Position> {
  const from = await head(store.db);
  const run = runs++;
  const counts = new Map<string, number>();
  for (const [index, step] of moves.entries()) {
    const words = wordsOf(`item-${run}-${step.which}`, index);
    await putContent(store.db, new Map([[contentHashOf(words.title, ''), itemText(words)]]));
    const count = counts.get(step.what + step.which) ?? 0;
    counts.set(step.what + step.which, count + 1);
    const decidedAt = new Date(NOON.getTime() + 1_000 * (from + index));
    const fresh = { id: eventIdOf('history', run, index), decidedAt };
    const revisions = counts.get(`revisions ${step.which}`) ?? 0;
    const command = commandOf(run, step, { count, revisions }, fresh);
    if (command.events[0]?.type === 'ItemRevised') counts.set(`revisions ${step.which}`, revisions + 1);
    await store.append([command], decidedAt);
  }
  return from;
}
