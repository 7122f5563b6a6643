import type { Field } from '../events/item.ts';
import { dayNumber } from './alias-traits.ts';
import type { Candidate } from './candidate.ts';
import { isJoined, standing } from './boundary.ts';
import { DatelineNames } from './dateline-names.ts';
import type { CompiledAlias } from './gazetteer.ts';
import { goesOnAsName, isOthersOffice, isPartOfName, ownerEnd, standsAlone } from './people.ts';
import type { Normalized } from './normalize.ts';
import { isAboutOffice } from './office-staff.ts';
import type { Refusals } from './refusals.ts';
import type { Rule } from './rules.ts';
import type { Hit, Scan } from './scan.ts';
import { SPACE, classOf, isWordUnit } from './script.ts';
import { foresee } from './segment.ts';
import { Signs } from './sign-run.ts';
import { findSigns } from './signs.ts';

/** The item's language (primary subtag) and day (YYYY-MM-DD), as far as known. */
export interface ItemContext {
  readonly lang: string | null;
  readonly day: string | null;
}

export interface Proposals {
  readonly candidates: readonly Candidate[];
  /** Subjects whose surname is somebody else's in this field. */
  readonly namesakes: ReadonlySet<number>;
}

const NO_DAY = -1;
/** Units of the name of a place that owns somebody. */
const OWNER_UNITS_MAX = 32;
const NO_NAMESAKES: ReadonlySet<number> = new Set();

/**
 * Whether the alias names its subject on the item's day. A dated alias (`South Korean president`) says nothing in
 * an item without a day: it would name whoever holds the office now.
 */
function isInForce({ dated, firstDay, lastDay }: CompiledAlias, day: number): boolean {
  return !dated || (day >= firstDay && day <= lastDay);
}

/** The number of the first hit that starts at `at` or later; hits stand in the order of their starts. */
function firstFrom(hits: readonly Hit[], at: number): number {
  let [low, high] = [0, hits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle]?.start ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Letters of a surname so short that many bear it, though one of them is meant where it stands alone: Xi Chen is another. */
const SHORT_SURNAME_LETTERS = 2;

function isShortSurname({ surname, folded, requires }: CompiledAlias): boolean {
  return surname && folded.length <= SHORT_SURNAME_LETTERS && requires.length === 0;
}

/**
 * Names are met in every language, save short Han names, which Japanese and Chinese read differently. Where a subject
 * has the same text in several languages, the item's own says what it takes: TPP is a party in English news from Taipei.
 */
function isSpokenHere(alias: CompiledAlias, all: readonly CompiledAlias[], lang: string | null): boolean {
  if (alias.lang === lang) return true;
  if (alias.shortHan && (lang === 'ja' || lang === 'zh')) return false;
  for (const other of all) if (other.lang === lang && other.subject === alias.subject) return false;
  return true;
}

/** Whether the text goes on with `words` after `end`, over a space or none; a word of an alphabet must end with them. */
function isFollowedBy(text: Normalized, end: number, words: string): boolean {
  const from = classOf(text.units[end]) === SPACE ? end + 1 : end;
  for (let n = 0; n < words.length; n++) if (text.units[from + n] !== words.charCodeAt(n)) return false;
  return !isWordUnit(text.units[from + words.length - 1]) || !isWordUnit(text.units[from + words.length]);
}

class Proposer implements Proposals {
  readonly candidates: Candidate[] = [];
  #namesakes: Set<number> | null = null;
  readonly #scan: Scan;
  readonly #field: Field;
  readonly #lang: string | null;
  readonly #day: number;
  readonly #refusals: Refusals;
  readonly #dateline: DatelineNames;

  constructor(scan: Scan, field: Field, item: ItemContext, refusals: Refusals) {
    this.#scan = scan;
    this.#field = field;
    this.#lang = item.lang;
    this.#day = item.day === null ? NO_DAY : dayNumber(item.day);
    this.#refusals = refusals;
    this.#dateline = new DatelineNames(scan.text, field);
  }

  get namesakes(): ReadonlySet<number> {
    return this.#namesakes ?? NO_NAMESAKES;
  }

  propose(): Proposals {
    const { text, hits } = this.#scan;
    // Words of an alphabet show where they begin.
    if (!text.isLatin) {
      foresee(
        text,
        hits.filter(({ start, end }) => isJoined(text, start, end)),
      );
    }
    let hasSigns = false;
    for (const { start, end, aliases } of hits) {
      for (const alias of aliases) {
        if (alias.sign) {
          hasSigns = true;
          continue;
        }
        const refused = isSpokenHere(alias, aliases, this.#lang)
          ? (this.#barred(alias, start, end) ?? this.#proposeAt(alias, start, end))
          : 'other-language';
        if (refused !== null) this.#refuse(alias, start, end, refused);
      }
    }
    if (hasSigns) this.#proposeSigns();
    return this;
  }

  #refuse(alias: CompiledAlias, start: number, end: number, rule: Rule): void {
    this.#refusals.note(alias, { field: this.#field, text: this.#scan.text, start, end }, rule);
  }

  /** What of the place or the day bars the alias, however it stands. */
  #barred(alias: CompiledAlias, start: number, end: number): Rule | null {
    if (!isInForce(alias, this.#day)) return this.#day === NO_DAY ? 'no-day' : 'outside-dates';
    const others = this.#scan.rivalUnits(alias.subject);
    if (others !== null && others[start] !== 0 && others[end - 1] !== 0) return 'in-other-name';
    for (const words of alias.unlessFollowedBy) {
      if (isFollowedBy(this.#scan.text, end, words)) return `followed-by:${words}`;
    }
    return null;
  }

  #add(alias: CompiledAlias, start: number, end: number, rule: Rule): void {
    const { subject } = alias;
    this.candidates.push({ subject, alias, field: this.#field, text: this.#scan.text, start, end, rule });
  }

  /** Proposes the name, or gives the rule that refuses it. */
  #proposeAt(alias: CompiledAlias, start: number, end: number): Rule | null {
    const role = this.#dateline.roleOf(alias, start, end);
    if (role === null) return this.#proposeName(alias, start, end);
    if (role === 'byline') return role;
    const stands = standing(this.#scan.text, start, end, alias);
    // Datelines are often in capitals whatever the name is written in.
    if (typeof stands === 'string' && stands !== 'not-as-written') return stands;
    this.#add(alias, start, typeof stands === 'string' ? end : stands.end, role);
    return null;
  }

  #proposeName(alias: CompiledAlias, start: number, end: number): Rule | null {
    const stands = standing(this.#scan.text, start, end, alias);
    if (typeof stands === 'string') return stands;
    const refused = alias.arena === 'person' ? this.#meansOther(alias, start, stands.end) : null;
    if (refused === null) this.#add(alias, start, stands.end, stands.rule);
    return refused;
  }

  /** What makes of the name of a person somebody else's. */
  #meansOther(alias: CompiledAlias, start: number, end: number): Rule | null {
    const { text } = this.#scan;
    if (alias.office) {
      const isOwnName = (at: number): boolean => this.#namesAt(alias.subject, at);
      if (isOthersOffice(text, start, end, isOwnName)) return 'others-office';
      if (isAboutOffice(text, end, alias) && this.#isPlaceAt(start)) return 'about-office';
    }
    if (isShortSurname(alias) && goesOnAsName(text, end)) return 'part-of-a-name';
    const ambiguous = alias.surname && alias.requires.length > 0;
    if (!ambiguous || !(isPartOfName(text, start, end) || this.#isOfNoPlace(start))) return null;
    this.#namesakes ??= new Set();
    this.#namesakes.add(alias.subject);
    return 'part-of-a-name';
  }

  /** Whether whoever is named at `start` is a company's or a club's: Samsung's Lee, and not Seoul's. */
  #isOfNoPlace(start: number): boolean {
    const owner = ownerEnd(this.#scan.text, start);
    if (owner === null) return false;
    const { hits } = this.#scan;
    for (let n = firstFrom(hits, owner - OWNER_UNITS_MAX); (hits[n]?.start ?? owner) < owner; n++) {
      if (hits[n]?.end === owner && hits[n]?.aliases.some(({ arena }) => arena === 'place') === true)
        return false;
    }
    return true;
  }

  /** Whether a description begins with its country: 韓国大統領 and not 李大統領, which names the holder whatever follows. */
  #isPlaceAt(at: number): boolean {
    return this.#isNamedAt(at, ({ arena }) => arena === 'place');
  }

  #namesAt(subject: number, at: number): boolean {
    return this.#isNamedAt(at, (alias) => alias.subject === subject);
  }

  #isNamedAt(at: number, isMeant: (alias: CompiledAlias) => boolean): boolean {
    const { hits } = this.#scan;
    for (let n = firstFrom(hits, at); hits[n]?.start === at; n++) {
      if (hits[n]?.aliases.some(isMeant) === true) return true;
    }
    return false;
  }

  /** One-character names, where no longer name of a place or person holds the character. */
  #proposeSigns(): void {
    const signs = new Signs(this.#scan.text, this.#lang);
    for (const { start, end, alias } of this.candidates) if (alias.arena === 'place') signs.hold(start, end);
    for (const { start, aliases } of this.#scan.hits) {
      if (aliases[0]?.sign === true) this.#proposeSign(signs, aliases, start);
    }
    for (const { run, rule } of findSigns(signs)) {
      for (const place of run.places) {
        for (const alias of signs.at(place)) this.#add(alias, place, place + 1, rule);
      }
    }
  }

  /** Proposes a person's name of one character, and puts those of others where they are looked at together. */
  #proposeSign(signs: Signs, aliases: readonly CompiledAlias[], place: number): void {
    const names: CompiledAlias[] = [];
    const subjects: number[] = [];
    for (const alias of aliases) {
      if (alias.lang !== this.#lang || subjects.includes(alias.subject)) continue;
      if (this.#barred(alias, place, place + 1) !== null) continue;
      subjects.push(alias.subject);
      if (alias.arena !== 'person') names.push(alias);
      else if (standsAlone(this.#scan.text, place)) this.#add(alias, place, place + 1, 'lone-surname');
      else this.#refuse(alias, place, place + 1, 'another-person');
    }
    if (names.length > 0) signs.add(place, names);
  }
}

/** What a field may mention, before the item as a whole decides; `refusals` hears of names that cannot stand. */
export function propose(scan: Scan, field: Field, item: ItemContext, refusals: Refusals): Proposals {
  return new Proposer(scan, field, item, refusals).propose();
}
