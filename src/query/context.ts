import type { PublisherId, SubjectId } from '../events/ids.ts';
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
  /** What `now` is. */
  readonly now: Date;
  /** IANA time zone that days and times without a zone are read in. */
  readonly zone: string;
}
