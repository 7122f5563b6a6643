import type { FeedOptions } from '../events/feed.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { CommitmentId, FeedId, PublisherId, SubjectId } from '../events/ids.ts';
import type { SubjectKind } from '../events/item.ts';

/** The languages a dossier speaks: BCP 47, Chinese by script. */
export const DOSSIER_LANGS = ['en', 'ko', 'ja', 'zh-Hans', 'zh-Hant'] as const;
export type DossierLang = (typeof DOSSIER_LANGS)[number];

/** One way of naming a subject. */
export interface Alias {
  readonly text: string;
  readonly lang: DossierLang;
  /** Latin letters must match in case: `US`, not `us`. */
  readonly exactCase: boolean;
  /** Counts only if one of these subjects or words is in the same item too. */
  readonly requires: readonly string[];
  /** Does not count where one of these words is in the same item. */
  readonly excludes: readonly string[];
  /** Does not count where the match is part of one of these longer texts: `Takeshima Corporation`. */
  readonly notIn: readonly string[];
  /** Does not count where one of these follows, over a space or none: `Nara` unless `Period` follows. */
  readonly unlessFollowedBy: readonly string[];
  /** How much it says that its subject is meant: below 1 it is a weak sign, and only several that add up to 1 make a tag. */
  readonly weight: number;
  /** First and last day (YYYY-MM-DD) it names this subject: an office description means its holder on that day. */
  readonly from: string | null;
  readonly until: string | null;
}

/** An entity or a topic: what a tag can point to. */
export interface Subject {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  /** Null where it is not certain. */
  readonly wikidata: string | null;
  readonly labels: Readonly<Record<DossierLang, string>>;
  readonly note: string;
  /** For whom it stands: a person for a country, a capital for its government. Null where it stands for itself. */
  readonly side: SubjectId | null;
  /** 0..1: how much an item about it is of the dossier (see classify/relevance.ts). */
  readonly importance: number;
  /** Words that make it a party of an event and are no name of it: its government in its own papers (政府), its organs, its capital. */
  readonly organs: Readonly<Record<DossierLang, readonly string[]>>;
  readonly aliases: readonly Alias[];
  /** For topics that are instances, not words: any one of these is enough for the tag, beside the aliases. */
  readonly patterns: readonly Pattern[];
}

/** Something else that goes by a name of subjects: never tagged, but its names are not theirs. */
export interface Rival {
  readonly id: string;
  /** Whose names it bears. */
  readonly of: readonly SubjectId[];
  readonly note: string;
  /** Names that mean the one or the other: the one of which the item says more. */
  readonly shares: readonly string[];
  readonly aliases: readonly Alias[];
}

/** Several weak signs that together make a tag: one from each group, close to one another. */
export interface Pattern {
  /** Names the pattern in explanations. */
  readonly name: string;
  /** Each group must be met by one of its members: a subject id written `@id`, or a cue word or phrase. */
  readonly allOf: readonly (readonly string[])[];
  /** None of these may be in the item: subject ids `@id` or words. */
  readonly noneOf: readonly string[];
  /** All groups must be met within so many characters of one field; null means anywhere in the item. */
  readonly withinChars: number | null;
  /** Only from/until these days, where the instance has a date. */
  readonly from: string | null;
  readonly until: string | null;
}

export interface Publisher {
  readonly id: PublisherId;
  readonly name: string;
  /** Publishers of one family count once: `yonhap`, `xinhua`, `nikkei`. */
  readonly family: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly stateRun: boolean;
  /** Hosts its articles live on, without `www.`: how an archived item finds its publisher. */
  readonly hosts: readonly string[];
}

export interface FeedListing {
  readonly id: FeedId;
  readonly title: string;
  readonly url: string;
  readonly site: string | null;
  readonly publisher: PublisherId;
  /** BCP 47. */
  readonly lang: string;
  /** Where the URL was seen. */
  readonly seen: string;
  /** True until somebody has fetched it and read what came. */
  readonly unverified: boolean;
  /** Why it is not to be polled when it is new to the log; absent where it is. */
  readonly paused?: string;
  /** Absent where all are off. */
  readonly options?: FeedOptions;
}

/** Something promised, to be followed up. */
export interface Commitment {
  readonly id: CommitmentId;
  readonly title: string;
  /** What was said, in our words. */
  readonly promise: string;
  /** Who promised: subject ids. */
  readonly by: readonly SubjectId[];
  /** Whom it was promised to: subject ids. */
  readonly to: readonly SubjectId[];
  /** YYYY-MM-DD. */
  readonly made: string;
  /** Subjects that an item about it would carry. */
  readonly subjects: readonly SubjectId[];
  /** Days without news after which it counts as quiet. */
  readonly quietAfterDays: number;
}

/** A dossier folder, read and checked. */
export interface Dossier {
  readonly name: string;
  readonly folder: string;
  /** Hash over the content of all its files. */
  readonly version: string;
  readonly subjects: readonly Subject[];
  readonly rivals: readonly Rival[];
  readonly publishers: readonly Publisher[];
  readonly feeds: readonly FeedListing[];
  readonly rules: readonly RuleDefinition[];
  readonly commitments: readonly Commitment[];
}
