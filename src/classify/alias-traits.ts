import type { Alias, Subject } from '../dossier/dossier.ts';
import { HAN, LETTER, classOf } from './script.ts';

/** Subjects that compete for the same words: of two nested names in one arena, the longer is meant. */
export type Arena = 'person' | 'place' | 'other';

/** What every place of an alias asks of it, told once for all of them. */
export interface AliasTraits {
  readonly arena: Arena;
  /** Names of one ground compete for words: all of persons, all of places, and of the rest those of each subject. */
  readonly ground: number;
  /** Whether its subject is a country. */
  readonly country: boolean;
  /** Whether that is a place of a country. */
  readonly city: boolean;
  /** One word of an alphabet: of a person, the surname. */
  readonly surname: boolean;
  /** Whether it names its subject on some days only: the first and the last of them, as dayNumber gives them. */
  readonly dated: boolean;
  readonly firstDay: number;
  readonly lastDay: number;
  /** A dated name that is more than a surname: it describes an office. */
  readonly office: boolean;
  /** So few Han characters that what is a name in one language is a word in another. */
  readonly shortHan: boolean;
  /** Without a condition, and enough by itself. */
  readonly certain: boolean;
}

const PERSONS_GROUND = 0;
const PLACES_GROUND = 1;
/** The grounds of single subjects begin here. */
const OWN_GROUND = 2;

/** Han characters up to which a name of one language is a word of another: 朝方 is North Korea's side, or the morning. */
const SHORT_HAN = 2;

/** No item has a day later than this. */
const LAST_DAY = 99_999_999;

/** A day (YYYY-MM-DD) as a number that orders as days do: they are compared name after name. */
export function dayNumber(day: string): number {
  return Number(day.slice(0, 4)) * 10_000 + Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10));
}

export function arenaOf({ kind }: Subject): Arena {
  if (kind === 'person') return 'person';
  return kind === 'country' || kind === 'place' ? 'place' : 'other';
}

/** Whether a folded text is of Han characters alone. */
export function isHan(folded: string): boolean {
  for (let at = 0; at < folded.length; at++) if (classOf(folded.charCodeAt(at)) !== HAN) return false;
  return true;
}

function groundOf(arena: Arena, subject: number): number {
  if (arena === 'person') return PERSONS_GROUND;
  return arena === 'place' ? PLACES_GROUND : OWN_GROUND + subject;
}

/** The traits of an alias of the subject with the number; `folded` is the alias's text as the matcher reads it. */
export function traitsOf(number: number, subject: Subject, alias: Alias, folded: string): AliasTraits {
  const arena = arenaOf(subject);
  const surname = !folded.includes(' ') && classOf(folded.charCodeAt(0)) === LETTER;
  const dated = alias.from !== null || alias.until !== null;
  return {
    arena,
    ground: groundOf(arena, number),
    country: subject.kind === 'country',
    city: subject.kind === 'place' && subject.side !== null,
    surname,
    dated,
    firstDay: alias.from === null ? 0 : dayNumber(alias.from),
    lastDay: alias.until === null ? LAST_DAY : dayNumber(alias.until),
    office: dated && folded.length > 1 && !surname,
    shortHan: folded.length <= SHORT_HAN && isHan(folded),
    certain: alias.requires.length === 0 && alias.weight >= 1,
  };
}
