/**
 * The language of shuttlewatch. Use these words and no others.
 *
 * - dossier: the folder that says what is watched: entities, topics, feeds, rules, commitments
 * - feed: a URL polled for items; publisher: who is behind it (family, country, language, state-run or not)
 * - item: one article as a feed gave it; revision: the same item with other words
 * - entity: a person, place, organisation or country; topic: a theme; subject: either of the two
 * - full text: what the page of an item says, where its feed asks for that; in a query and in mentions, the body
 * - mention: the span of text that names a subject, with its surface form
 * - tag: subject × item, with mentions and salience
 * - rule: which tags make an alert; alert: what a rule said about an item; channel: where alerts go;
 *   delivery: one alert on one channel; to acknowledge: a person says that an alert was seen
 * - takedown: a person has the words of an item deleted; that it was, and what followed from it, stays
 * - copy: the same text syndicated or lightly edited
 * - commitment: something promised, to be followed up
 * - event: an entry in the log, never a happening in the world
 * - stream: the events of one feed, item, rule, alert or consumer, in order; position: an event's place in the whole log
 * - consumer: code that follows the log; checkpoint: how far it got; projection: a consumer that fills read tables;
 *   to halt: to stand still before an event that cannot be handled; to skip: to go on without it, at a person's word
 *
 * Three clocks: `published` is the source's claim, `recordedAt` is when the log got the event, `decidedAt` is when
 * we concluded it.
 */
import type { AlertEvent } from './alert.ts';
import type { ConsumerEvent } from './consumer.ts';
import { FEED_EVENT_TYPES } from './feed.ts';
import type { FeedEvent } from './feed.ts';
import type { Position, StreamId } from './ids.ts';
import { ITEM_EVENT_TYPES } from './item.ts';
import type { ItemEvent } from './item.ts';
import type { RuleEvent } from './rule.ts';

/** Everything the log can hold. A new event joins its stream's union; the compiler then shows every place that must know it. */
export type NewsEvent = FeedEvent | ItemEvent | RuleEvent | AlertEvent | ConsumerEvent;
export type EventType = NewsEvent['type'];
export type EventOf<Type extends EventType> = Extract<NewsEvent, { type: Type }>;

/** An event as the log gives it back. */
export type Recorded<Event extends NewsEvent = NewsEvent> = Event & {
  readonly position: Position;
  readonly stream: StreamId;
  /** The event's number within its stream, from 1. */
  readonly version: number;
  readonly recordedAt: Date;
};

/** Every event type, for checks at the log's door and for consumers that want them all. */
export const EVENT_TYPES = [
  ...FEED_EVENT_TYPES,
  ...ITEM_EVENT_TYPES,
  'RuleDefined',
  'RuleRetired',
  'AlertRaised',
  'AlertSuppressed',
  'AlertDelivered',
  'AlertDeliveryFailed',
  'AlertAcknowledged',
  'ConsumerSkipped',
] as const satisfies readonly EventType[];
