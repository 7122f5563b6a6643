import type { Field } from '../events/item.ts';
import type { Candidate } from './candidate.ts';
import { standing } from './boundary.ts';
import type { CompiledAlias, Gazetteer } from './gazetteer.ts';
import { isOthersOffice, isPartOfName, isSurname, standsAlone } from './people.ts';
import type { Normalized } from './normalize.ts';
import { isAboutOffice } from './office-staff.ts';
import type { Refusals } from './refusals.ts';
import type { Rule } from './rules.ts';
import type { Hit, Scan } from './scan.ts';
import { HAN, SPACE, classOf, isWordUnit } from './script.ts';
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

/**
 * Whether the alias names its subject on the item's day. A dated alias (`South Korean president`) says nothing in
 * an item without a day: it would name whoever holds the office now.
 */
function isDated({ alias: { from, until } }: CompiledAlias, day: string | null): boolean {
  if (from === null && until === null) return true;
  if (day === null) return false;
  return (from === null || day >= from) && (until === null || day <= until);
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

/** A dated alias that is more than a surname describes an office. */
function isOffice(alias: CompiledAlias): boolean {
  const { from, until } = alias.alias;
  return (from !== null || until !== null) && alias.folded.length > 1 && !isSurname(alias);
}

/** Han characters up to which a name of one language is a word of another: 朝方 is North Korea's side, or the morning. */
const SHORT_HAN = 2;

/**
 * Names are met in every language, save short Han names, which Japanese and Chinese read differently. Where a subject
 * has the same text in several languages, the item's own says what it takes: TPP is a party in English news from Taipei.
 */
function isSpokenHere(alias: CompiledAlias, all: readonly CompiledAlias[], lang: string | null): boolean {
  if (alias.lang === lang) return true;
  if ((lang === 'ja' || lang === 'zh') && isShortHan(alias.folded)) return false;
  return !all.some((other) => other.subject === alias.subject && other.lang === lang);
}

function isShortHan(folded: string): boolean {
  if (folded.length > SHORT_HAN) return false;
  for (let at = 0; at < folded.length; at++) if (classOf(folded.charCodeAt(at)) !== HAN) return false;
  return true;
}

/** Whether the text goes on with `words` after `end`, over a space or none; a word of an alphabet must end with them. */
function isFollowedBy(text: Normalized, end: number, words: string): boolean {
  const from = classOf(text.units[end]) === SPACE ? end + 1 : end;
  for (let n = 0; n < words.length; n++) if (text.units[from + n] !== words.charCodeAt(n)) return false;
  return !isWordUnit(text.units[from + words.length - 1]) || !isWordUnit(text.units[from + words.length]);
}

class Proposer {
  readonly candidates: Candidate[] = [];
  readonly namesakes = new Set<number>();
  readonly #scan: Scan;
  readonly #field: Field;
  readonly #gazetteer: Gazetteer;
  readonly #item: ItemContext;
  readonly #refusals: Refusals;

  constructor(scan: Scan, field: Field, gazetteer: Gazetteer, item: ItemContext, refusals: Refusals) {
    this.#scan = scan;
    this.#field = field;
    this.#gazetteer = gazetteer;
    this.#item = item;
    this.#refusals = refusals;
  }

  propose(): Proposals {
    for (const { start, end, aliases } of this.#scan.hits) {
      for (const alias of aliases) {
        if (alias.sign) continue;
        const refused = isSpokenHere(alias, aliases, this.#item.lang)
          ? (this.#barred(alias, start, end) ?? this.#proposeName(alias, start, end))
          : 'other-language';
        if (refused !== null) this.#refuse(alias, start, end, refused);
      }
    }
    this.#proposeSigns();
    return this;
  }

  #refuse(alias: CompiledAlias, start: number, end: number, rule: Rule): void {
    this.#refusals.note(alias, { field: this.#field, text: this.#scan.text, start, end }, rule);
  }

  /** What of the place or the day bars the alias, however it stands. */
  #barred(alias: CompiledAlias, start: number, end: number): Rule | null {
    if (!isDated(alias, this.#item.day)) return this.#item.day === null ? 'no-day' : 'outside-dates';
    const others = this.#scan.rivalUnits(alias.subject);
    if (others !== null && others[start] !== 0 && others[end - 1] !== 0) return 'in-other-name';
    if (alias.unlessFollowedBy.length === 0) return null;
    const next = alias.unlessFollowedBy.find((words) => isFollowedBy(this.#scan.text, end, words));
    return next === undefined ? null : `followed-by:${next}`;
  }

  #add(alias: CompiledAlias, start: number, end: number, rule: Rule): void {
    const { text } = this.#scan;
    this.candidates.push({ subject: alias.subject, alias, field: this.#field, text, start, end, rule });
  }

  /** Proposes the name, or gives the rule that refuses it. */
  #proposeName(alias: CompiledAlias, start: number, end: number): Rule | null {
    const { text } = this.#scan;
    const subject = this.#gazetteer.subjects[alias.subject];
    if (subject === undefined) return null;
    const { arena } = subject;
    const stands = standing(text, start, end, alias, { arena, country: subject.subject.kind === 'country' });
    if (typeof stands === 'string') return stands;
    if (arena === 'person' && isOffice(alias)) {
      const isOwnName = (at: number): boolean => this.#namesAt(alias.subject, at);
      if (isOthersOffice(text, start, stands.end, isOwnName)) return 'others-office';
      if (isAboutOffice(text, stands.end, alias) && this.#isPlaceAt(start)) return 'about-office';
    }
    const ambiguous = arena === 'person' && alias.requires.length > 0 && isSurname(alias);
    if (ambiguous && isPartOfName(text, start, stands.end)) {
      this.namesakes.add(alias.subject);
      return 'part-of-a-name';
    }
    this.#add(alias, start, stands.end, stands.rule);
    return null;
  }

  /** Whether a description begins with its country: 韓国大統領 and not 李大統領, which names the holder whatever follows. */
  #isPlaceAt(at: number): boolean {
    const { hits } = this.#scan;
    for (let n = firstFrom(hits, at); hits[n]?.start === at; n++) {
      const isPlace = hits[n]?.aliases.some(
        ({ subject }) => this.#gazetteer.subjects[subject]?.arena === 'place',
      );
      if (isPlace === true) return true;
    }
    return false;
  }

  #namesAt(subject: number, at: number): boolean {
    const { hits } = this.#scan;
    for (let n = firstFrom(hits, at); hits[n]?.start === at; n++) {
      if (hits[n]?.aliases.some((alias) => alias.subject === subject) === true) return true;
    }
    return false;
  }

  /** One-character names, where no longer name of a place or person holds the character. */
  #proposeSigns(): void {
    const signs = this.#signs();
    if (signs.size === 0) return;
    const { text } = this.#scan;
    const held = new Uint8Array(text.length);
    for (const { start, end, subject } of this.candidates) {
      if (this.#gazetteer.subjects[subject]?.arena === 'place') held.fill(1, start, end);
    }
    const isPerson = (alias: CompiledAlias): boolean =>
      this.#gazetteer.subjects[alias.subject]?.arena === 'person';
    for (const [place, aliases] of signs) {
      for (const alias of aliases.filter(isPerson)) {
        if (standsAlone(text, place)) this.#add(alias, place, place + 1, 'lone-surname');
        else this.#refuse(alias, place, place + 1, 'another-person');
      }
    }
    const at = (place: number): readonly CompiledAlias[] =>
      held[place] === 0 ? (signs.get(place) ?? []).filter((alias) => !isPerson(alias)) : [];
    const isNamed = (place: number): boolean => held[place] === 1;
    for (const { alias, start, end, rule } of findSigns({ text, lang: this.#item.lang, at, isNamed }, [
      ...signs.keys(),
    ])) {
      this.#add(alias, start, end, rule);
    }
  }

  #signs(): ReadonlyMap<number, readonly CompiledAlias[]> {
    const { lang } = this.#item;
    const signs = new Map<number, readonly CompiledAlias[]>();
    for (const { start, end, aliases } of this.#scan.hits) {
      const here = aliases.filter(
        (alias) => alias.sign && alias.lang === lang && this.#barred(alias, start, end) === null,
      );
      const once = here.filter(
        (alias, n) => here.findIndex(({ subject }) => subject === alias.subject) === n,
      );
      if (once.length > 0) signs.set(start, once);
    }
    return signs;
  }
}

/** What a field may mention, before the item as a whole decides; `refusals` hears of names that cannot stand. */
export function propose(
  scan: Scan,
  field: Field,
  gazetteer: Gazetteer,
  item: ItemContext,
  refusals: Refusals,
): Proposals {
  return new Proposer(scan, field, gazetteer, item, refusals).propose();
}
