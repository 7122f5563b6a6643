import type { ColumnType, Generated, JSONColumnType } from 'kysely';
import type { AlertMatch, SuppressionReason } from '../events/alert.ts';
import type { EventType } from '../events/event-type.ts';
import type { FeedFailure, FeedOptions, FeedState } from '../events/feed.ts';
import type { AlertId, ContentHash, FeedId, ItemId, PublisherId, RuleId, SubjectId } from '../events/ids.ts';
import type { Backfill, SubjectKind } from '../events/item.ts';
import type { RuleDefinition } from '../events/rule.ts';

/** Read as T, written as the JSON text of T. */
type Json<T> = ColumnType<T, string, string>;

interface StreamsTable {
  stream_id: string;
  version: number;
  first_position: number;
  last_position: number;
  last_event_id: string;
}

interface EventsTable {
  position: number;
  stream_id: string;
  version: number;
  event_id: string;
  type: string;
  schema_version: number;
  decided_at: Date;
  recorded_at: Date;
  data: JSONColumnType<object>;
}

interface ContentTable {
  hash: ContentHash;
  kind: 'item' | 'page' | 'response';
  body: Json<object>;
}

interface CheckpointsTable {
  name: string;
  position: Generated<number>;
  status: Generated<'running' | 'halted'>;
  error: string | null;
  updated_at: Date;
  halted_position: Generated<number | null>;
  halted_type: Generated<string | null>;
  halted_stream: Generated<string | null>;
  halted_at: Generated<Date | null>;
}

interface IdentityTable {
  log: string;
  imported_to: number;
}

interface ImportingTable {
  single: Generated<boolean>;
  log: string;
  ends_at: number;
  since: Date;
}

interface FeedScheduleTable {
  feed: FeedId;
  url: string;
  enabled: boolean;
  next_due_at: Date;
  claimed_until: Date | null;
  full_text: Generated<boolean>;
  allow_private: Generated<boolean>;
  first_polled_at: Date | null;
  last_polled_at: Date | null;
  last_good_at: Date | null;
  last_outcome: string | null;
  failures: Generated<number>;
  etag: string | null;
  last_modified: string | null;
  /** Null where no turns are taken. */
  host: string | null;
  said_word: string | null;
  said_since: Date | null;
  hints: Json<object> | null;
}

interface HostsTable {
  host: string;
  free_at: Date;
  look_at: Date;
}

interface HubsTable {
  feed: FeedId;
  hub: string;
  topic: string;
}

interface CallbacksTable {
  url: string;
  answered_until: Date;
}

interface SubscriptionsTable {
  digest: string;
  token: string;
  secret: string;
  feed: FeedId;
  hub: string;
  topic: string;
  callback: string;
  state: 'wanted' | 'pending' | 'active' | 'denied' | 'ending' | 'ended';
  created_at: Date;
  changed_at: Date;
  lease_until: Date | null;
  next_due_at: Date | null;
  claimed_until: Date | null;
  attempts: Generated<number>;
  last_error: string | null;
  last_push_at: Date | null;
  arrivals: Generated<number>;
  pings: Generated<number>;
  missed: Generated<number>;
  unsigned: Generated<number>;
}

interface TakenDownTable {
  hash: ContentHash;
  position: number;
}

interface ItemKeysTable {
  key: string;
  item: string;
}

interface PagesTable {
  item: ItemId;
  content: ContentHash;
  host: string | null;
  attempts: Generated<number>;
  next_due_at: Date;
  claimed_until: Date | null;
}

interface DeliveriesTable {
  alert: AlertId;
  channel: string;
  position: number;
  attempts: Generated<number>;
  next_due_at: Date;
  claimed_until: Date | null;
  done: Generated<boolean>;
}

interface RuleBookTable {
  rule: RuleId;
  version: string;
  definition: Json<RuleDefinition>;
}

interface AlertCopiesTable {
  rule: RuleId;
  copy_key: string;
  item: ItemId;
  alert: AlertId;
  said: 'raised' | 'backfill';
  at: Date;
}

interface ProjectionsTable {
  projection: string;
  version: number;
  since: Date;
}

interface BuildsTable {
  projection: string;
  version: number;
  position: Generated<number>;
  started_at: Date;
}

interface CapturedTable {
  item: string;
  version: number;
  captured_at: Date;
}

interface ImportsTable {
  file: string;
  position: number;
  items: number;
  updated_at: Date;
}

interface RetagsTable {
  dossier: string;
  tagger: string;
  position: number;
  items: number;
  changed: number;
  updated_at: Date;
  is_all: boolean;
  ended_at: number;
}

interface ProcessesTable {
  id: string;
  host: string;
  pid: number;
  roles: string[];
  version: string;
  halted: string[];
  started_at: Date;
  seen_at: Date;
  own_clock: Date;
}

interface ItemsTable {
  item: ItemId;
  position: number;
  from_position: number;
  feed: FeedId;
  publisher: PublisherId;
  url: string | null;
  lang: string | null;
  published: Date | null;
  recorded_at: Date;
  at: Date;
  content: ContentHash;
  full_text: ContentHash | null;
  words: string;
  revision: number;
  revised_at: Date | null;
  backfill: Backfill | null;
  tagged: ContentHash | null;
  dossier: string | null;
  tagger: string | null;
  relevance: number | null;
  event: EventType | null;
  event_from: readonly SubjectId[];
  event_to: readonly SubjectId[];
  /** A tsvector, as text. */
  terms: string;
  salience: number;
  subjects: readonly SubjectId[];
  kinds: readonly SubjectKind[];
  saliences: readonly number[];
}

interface ItemVersionsTable extends ItemsTable {
  to_position: number;
}

interface WordsTable {
  id: string;
  /** A tsvector, as text. */
  terms: string;
}

interface FeedsTable {
  feed: FeedId;
  url: string;
  title: string;
  publisher: PublisherId;
  lang: string | null;
  status: FeedState['status'];
  /** Why it is paused or removed. */
  status_reason: string | null;
  options: FeedOptions;
  failure: FeedFailure | null;
  failing_since: Date | null;
  added_at: Date;
  from_position: number;
  to_position: number | null;
}

interface FeedCountsTable {
  feed: FeedId;
  items: number;
  revisions: number;
  last_item_at: Date | null;
}

interface FeedRhythmsTable {
  feed: FeedId;
  /** See ingest/rhythm.ts. */
  rhythm: JSONColumnType<object>;
  silent_too_long_from: Date | null;
}

interface AlertsTable {
  alert: AlertId;
  position: number;
  rule: RuleId;
  rule_version: string;
  item: ItemId;
  status: 'raised' | 'suppressed';
  reason: SuppressionReason | null;
  matches: readonly AlertMatch[];
  channels: readonly string[];
  decided_at: Date;
  recorded_at: Date;
  acknowledged_position: number | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  acknowledged_note: string | null;
}

interface AlertDeliveriesTable {
  alert: AlertId;
  channel: string;
  position: number;
  status: 'delivered' | 'failing' | 'failed';
  attempt: number;
  detail: string;
  recorded_at: Date;
}

interface RulesTable {
  rule: RuleId;
  version: string;
  title: string;
  about: string;
  definition: RuleDefinition;
  status: 'in force' | 'retired';
  since: Date;
  from_position: number;
  to_position: number | null;
}

/** Every table, by schema: sw_log is the truth, sw_work is between two lines, sw_read is derived. */
export interface Tables {
  'sw_log.streams': StreamsTable;
  'sw_log.events': EventsTable;
  'sw_log.content': ContentTable;
  'sw_log.checkpoints': CheckpointsTable;
  'sw_log.identity': IdentityTable;
  'sw_work.importing': ImportingTable;
  'sw_work.feed_schedule': FeedScheduleTable;
  'sw_work.hosts': HostsTable;
  'sw_work.hubs': HubsTable;
  'sw_work.callbacks': CallbacksTable;
  'sw_work.subscriptions': SubscriptionsTable;
  'sw_work.taken_down': TakenDownTable;
  'sw_work.item_keys': ItemKeysTable;
  'sw_work.pages': PagesTable;
  'sw_work.deliveries': DeliveriesTable;
  'sw_work.rule_book': RuleBookTable;
  'sw_work.alert_copies': AlertCopiesTable;
  'sw_work.projections': ProjectionsTable;
  'sw_work.builds': BuildsTable;
  'sw_work.processes': ProcessesTable;
  'sw_work.imports': ImportsTable;
  'sw_work.retags': RetagsTable;
  'sw_work.captured': CapturedTable;
  'sw_read.items': ItemsTable;
  'sw_read.item_versions': ItemVersionsTable;
  'sw_read.words': WordsTable;
  'sw_read.feeds': FeedsTable;
  'sw_read.feed_counts': FeedCountsTable;
  'sw_read.feed_rhythms': FeedRhythmsTable;
  'sw_read.alerts': AlertsTable;
  'sw_read.alert_deliveries': AlertDeliveriesTable;
  'sw_read.rules': RulesTable;
}
