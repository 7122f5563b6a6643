import { createHash } from 'node:crypto';

/**
 * Branded ids. A plain string becomes an id only through the parser or deriver of its kind, where the
 * world's strings enter; inside, an id is trusted.
 */
declare const brand: unique symbol;
type Brand<Base, Name extends string> = Base & { readonly [brand]: Name };

export type FeedId = Brand<string, 'FeedId'>;
export type PublisherId = Brand<string, 'PublisherId'>;
export type ItemId = Brand<string, 'ItemId'>;
/** What a key that an item is known by stands for: the id of the item that it alone would give. */
export type KeyId = Brand<string, 'KeyId'>;
/** The id of an entity or a topic of the dossier: what a tag points to. */
export type SubjectId = Brand<string, 'SubjectId'>;
export type RuleId = Brand<string, 'RuleId'>;
export type AlertId = Brand<string, 'AlertId'>;
export type CommitmentId = Brand<string, 'CommitmentId'>;
/** A UUIDv8 derived from what caused the event, so that a repeated cause gives the same id. */
export type EventId = Brand<string, 'EventId'>;
/** sha256 over what is kept beside the log, in hex. */
export type ContentHash = Brand<string, 'ContentHash'>;
/** Where an event's stream lives: `feed-…`, `item-…`, `rule-…`, `alert-…` or `consumer-…`. */
export type StreamId = Brand<string, 'StreamId'>;
/** An event's place in the log: dense, from 1, below 2^53. */
export type Position = Brand<number, 'Position'>;

/** Characters in a slug id (feed, publisher, subject, rule, commitment). */
export const SLUG_CHARS_MAX = 80;
const SLUG = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

export class InvalidId extends Error {
  override readonly name = 'InvalidId';
  constructor(kind: string, value: string) {
    super(
      `${JSON.stringify(value.slice(0, SLUG_CHARS_MAX))} is not a ${kind}: expected lower-case letters, digits and single hyphens, at most ${SLUG_CHARS_MAX} characters`,
    );
  }
}

/** Whether `value` can stand as a feed, publisher, subject, rule or commitment id. */
export function isSlug(value: string): boolean {
  return value.length <= SLUG_CHARS_MAX && SLUG.test(value);
}

function slug(kind: string, value: string): string {
  if (!isSlug(value)) throw new InvalidId(kind, value);
  return value;
}

/** Each of these parses a slug, or throws InvalidId. */
export const feedId = (value: string): FeedId => slug('feed id', value) as FeedId;
export const publisherId = (value: string): PublisherId => slug('publisher id', value) as PublisherId;
export const subjectId = (value: string): SubjectId => slug('entity or topic id', value) as SubjectId;
export const ruleId = (value: string): RuleId => slug('rule id', value) as RuleId;
export const commitmentId = (value: string): CommitmentId => slug('commitment id', value) as CommitmentId;

/** Checks a number read from the log or the command line to be a position (0 means "before the first"). */
export function position(value: number): Position {
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is not a log position`);
  return value as Position;
}

function digest(...parts: readonly (string | number)[]): Buffer {
  // JSON keeps ["a","bc"] and ["ab","c"] apart, which joining would not.
  return createHash('sha256').update(JSON.stringify(parts)).digest();
}

/** The item that `key` (see ingest/identity.ts) stands for, where nobody knows it under another. */
export function itemIdOf(key: string): ItemId {
  return digest('item', key).toString('hex').slice(0, 32) as ItemId;
}

/** What `key` is kept under in the table of keys. */
export function keyIdOf(key: string): KeyId {
  return itemIdOf(key) as string as KeyId;
}

/** The item that a key stands for by itself. */
export const itemOfKey = (key: KeyId): ItemId => key as string as ItemId;

/** The one alert a rule may give about an item, however often the item is tagged. */
export function alertIdOf(rule: RuleId, item: ItemId): AlertId {
  return digest('alert', rule, item).toString('hex').slice(0, 32) as AlertId;
}

/** A hash over texts or bytes kept beside the log. */
export function contentHashOf(...parts: readonly string[]): ContentHash {
  return digest('content', ...parts).toString('hex') as ContentHash;
}

/** The version of something made of text (a dossier, a rule): the first 12 hex digits of its sha256. */
export function versionOf(...parts: readonly string[]): string {
  return digest('version', ...parts)
    .toString('hex')
    .slice(0, 12);
}

/**
 * A UUIDv8 (RFC 9562 §5.8) over the cause of an event: the same cause always names the same event, which is
 * what makes a repeated append harmless.
 */
export function eventIdOf(type: string, ...cause: readonly (string | number)[]): EventId {
  const bytes = digest('event', type, ...cause).subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as EventId;
}

export const feedStream = (feed: FeedId): StreamId => `feed-${feed}` as StreamId;
export const itemStream = (item: ItemId): StreamId => `item-${item}` as StreamId;
export const ruleStream = (rule: RuleId): StreamId => `rule-${rule}` as StreamId;
export const alertStream = (alert: AlertId): StreamId => `alert-${alert}` as StreamId;
export const consumerStream = (consumer: string): StreamId => `consumer-${consumer}` as StreamId;
