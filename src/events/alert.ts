import type { EventShape } from './shape.ts';
import type { AlertId, ContentHash, EventId, ItemId, RuleId, SubjectId } from './ids.ts';

/** Why a rule fired: which subjects satisfied it, by which words. */
export interface AlertMatch {
  readonly subject: SubjectId;
  readonly salience: number;
  readonly surface: string;
}

/** Why an alert that would have fired was held back. */
export type SuppressionReason =
  /** The item came with an archive or a feed's first poll. */
  | { readonly kind: 'backfill'; readonly backfill: 'archive' | 'first-poll' }
  /** The tags are new, the words are not: a new gazetteer or tagger never notifies. */
  | { readonly kind: 'retagged' }
  /** It is a copy of an item that the same rule alerted on, or knew from a backfill, within the window. */
  | {
      readonly kind: 'copy';
      readonly of: ItemId;
      readonly alert: AlertId;
      readonly said: 'raised' | 'backfill';
      readonly copyKey: string;
      readonly windowHours: number;
    };

interface AlertGround {
  readonly alert: AlertId;
  readonly rule: RuleId;
  readonly ruleVersion: string;
  readonly item: ItemId;
  readonly content: ContentHash;
  /** The ItemTagged it was decided on. */
  readonly tagged: EventId;
  /** What the tags were made with that it rests on. */
  readonly dossier: string;
  readonly tagger: string;
  readonly matches: readonly AlertMatch[];
}

export type AlertRaised = EventShape<'AlertRaised', AlertGround & { readonly channels: readonly string[] }>;
export type AlertSuppressed = EventShape<
  'AlertSuppressed',
  AlertGround & { readonly reason: SuppressionReason }
>;
export type AlertDelivered = EventShape<
  'AlertDelivered',
  { alert: AlertId; channel: string; attempt: number; detail: string }
>;
export type AlertDeliveryFailed = EventShape<
  'AlertDeliveryFailed',
  {
    alert: AlertId;
    channel: string;
    attempt: number;
    reason: string;
    /** True when no further attempt will be made. */
    final: boolean;
  }
>;

export type AlertEvent = AlertRaised | AlertSuppressed | AlertDelivered | AlertDeliveryFailed;
