import type { Nameable } from '../dossier/check.ts';
import type { FeedId, PublisherId, SubjectId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';

export interface KnownSubject {
  readonly kind: SubjectKind;
  /** Every name it goes by, for suggestions. */
  readonly names: readonly string[];
}

export interface KnownPublisher {
  readonly name: string;
  readonly family: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly stateRun: boolean;
}

/** What the words of a query mean where it is asked: the names of the dossier, the time, and the asker's zone. */
export interface QueryContext {
  readonly subjects: ReadonlyMap<SubjectId, KnownSubject>;
  readonly publishers: ReadonlyMap<PublisherId, KnownPublisher>;
  readonly feeds: ReadonlySet<FeedId>;
  /** What `now` is. */
  readonly now: Date;
  /** IANA time zone that days and times without a zone are read in. */
  readonly zone: string;
}

/** The context of whoever asks about a dossier now. */
export function contextOf(
  { subjects, publishers, feeds }: Nameable,
  { now, zone }: Pick<QueryContext, 'now' | 'zone'>,
): QueryContext {
  return {
    subjects: new Map(
      subjects.map(({ id, kind, labels, aliases }) => [
        id,
        { kind, names: [...new Set([...Object.values(labels), ...aliases.map((alias) => alias.text)])] },
      ]),
    ),
    publishers: new Map(publishers.map((publisher) => [publisher.id, publisher])),
    feeds: new Set(feeds.map((feed) => feed.id)),
    now,
    zone,
  };
}
