import type { FeedId, PublisherId, SubjectId } from '../events/ids.ts';
import type { Backfill, ReportedEvent, SubjectKind } from '../events/item.ts';

/** A tag, as far as a query asks for it. */
export interface QueryTag {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  /** 0..1. */
  readonly salience: number;
  /** The words it was found by, where they are at hand. */
  readonly surface?: string;
}

/** What an item reports, as far as a query asks for it. */
export interface QueryEvent extends Pick<ReportedEvent, 'type' | 'from' | 'to'> {
  /** The words that its type rests on, acts first, where they are at hand. */
  readonly cues?: ReportedEvent['cues'];
}

/** Everything that a query can ask of an item. */
export interface QueryItem {
  readonly feed: FeedId;
  readonly publisher: PublisherId;
  readonly url: string | null;
  /** BCP 47. */
  readonly lang: string | null;
  /** The source's claim. */
  readonly published: Date | null;
  /** When the log first got the item. */
  readonly recordedAt: Date;
  readonly revision: number;
  readonly backfill: Backfill | null;
  readonly title: string;
  /** The lead, as the feed gave it. */
  readonly text: string;
  /** The full text of its page; only where it was fetched. */
  readonly body?: string;
  readonly tags: readonly QueryTag[];
  /** 0..1, to the dossier; null while it is untagged, and where it was tagged before that was asked. */
  readonly relevance: number | null;
  /** Null where it reports none of the acts that are told apart, and where nobody looked. */
  readonly event: QueryEvent | null;
}
