import type { EventType } from '../events/event-type.ts';
import type { Party } from './event-actors.ts';

/** What the words around a name say it is to the act. */
export type Role =
  /** Does it, in the passive. */
  | 'agent'
  /** Is quoted, or stands before a colon. */
  | 'speaker'
  /** Does it: it is what the clause is about. */
  | 'subject'
  /** Does something, which may be what the act is about: 日本が介入すれば…と警告. */
  | 'inner'
  /** The words say nothing; the order decides. */
  | 'bare'
  /** Only says whose something is, which may act: ウクライナの無人機, 中国の要求. */
  | 'owner'
  /** Only says where people or goods come from: 日本産, Chinese nationals. */
  | 'origin'
  /** It is done to, with or against. */
  | 'object'
  /** Where it is done, which says by whom where nobody is named: 中国で拘束. */
  | 'scene'
  /** What is talked about, or whose paper writes so: no party. */
  | 'aside';

/** What answers something that another has done, who is named in a clause of its own. */
const REACTIONS: ReadonlySet<EventType> = new Set([
  'accuse',
  'demand',
  'reject',
  'threaten',
  'protest',
  'support',
]);

/** Whether an act answers something that another has done. */
export function isReaction(type: EventType): boolean {
  return REACTIONS.has(type);
}

/** A field as the parties are looked for in it. */
export interface Deed {
  readonly text: string;
  /** Where the main act is said. */
  readonly cue: Span;
  /** Where acts of the type are said, in the order of reading. */
  readonly acts: readonly Span[];
  readonly type: EventType;
}

/** UTF-16 offsets. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How a language says who does what to whom. */
export interface RoleMarks {
  /** Words that only say in what office somebody is, between the names of one side: `Japanese Prime Minister Takaichi`. */
  readonly titles: RegExp;
  /** What stands between two who act together. */
  readonly and: RegExp;
  /** Offices and bodies behind a name, before its particle: 일본 정부가, 中国外務省は. */
  readonly offices: RegExp;
  readonly roleOf: (deed: Deed, party: Party) => Role;
  /** How a verb ends, right before a name, that only tells of whom the name is; null where what tells it comes behind. */
  readonly relative: RegExp | null;
  /** Words right before or behind an act that turn it round: who is named first suffers it. */
  readonly passive: { readonly ahead: RegExp; readonly behind: RegExp };
}

/** Units between a name and an act that is done to it. */
const ACT_UNITS = 4;

/** Whether so much stands between a name and the act that answers something that the act may be about that, and not about who is named. */
export function isAboutFurther({ cue, type }: Deed, party: Party): boolean {
  return isReaction(type) && cue.start - party.end > ACT_UNITS;
}
