import type { EventShape } from './shape.ts';
import type { AlertId, ContentHash, EventId, ItemId, RuleId, SubjectId } from './ids.ts';
import type { Field } from './item.ts';

/** A subject that a rule asks for, and how the item names it; the surface is empty where nobody noted it. */
export interface SubjectMatch {
  readonly subject: SubjectId;
  readonly salience: number;
  readonly surface: string;
}

/** Words that a rule asks for, as its query writes them, and how the item does. */
export interface WordMatch {
  readonly words: string;
  readonly field: Field;
  readonly surface: string;
}

/** Why a rule fired: what the item meets of its query. */
export type AlertMatch = SubjectMatch | WordMatch;

/** A match in words: `nara “奈良”`, `summit* “summits” in the title`. */
export function matchText(match: AlertMatch): string {
  return 'subject' in match
    ? `${match.subject} “${match.surface}”`
    : `${match.words} “${match.surface}” in the ${match.field === 'body' ? 'full text' : match.field}`;
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
      /** That of the tagging, which both share. */
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

/** A person has seen it and takes it from here. Once is enough: a later word about the same alert adds nothing. */
export type AlertAcknowledged = EventShape<
  'AlertAcknowledged',
  {
    alert: AlertId;
    /** Who says so, in their own words; null where nobody is named. */
    by: string | null;
    /** May be empty. */
    note: string;
  }
>;

export type AlertEvent =
  AlertRaised | AlertSuppressed | AlertDelivered | AlertDeliveryFailed | AlertAcknowledged;
