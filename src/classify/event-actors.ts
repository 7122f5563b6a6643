import type { DossierLang } from '../dossier/dossier.ts';
import type { SubjectId } from '../events/ids.ts';
import type { Field, SubjectKind } from '../events/item.ts';
import type { EventLang } from './event-langs.ts';
import { compileOrgans, type Organs } from './event-organs.ts';

/** Who of a dossier can be a party. */
export interface Actors {
  /** Whom naming a subject names as a party; null for what does not act. */
  readonly of: (id: SubjectId) => Actor | null;
  /** Whether it is a policy, in whose name countries are no parties: 하나의 중국 원칙. */
  readonly isPolicy: (id: SubjectId) => boolean;
  /** For how many sides subjects stand. */
  readonly sidesOf: (ids: readonly SubjectId[]) => number;
  /** Words of a language that stand for a subject without naming it; null where there are none. */
  readonly organs: (lang: EventLang, text: string) => Organs | null;
}

interface Actor {
  /** Most specific first; the last is whom it stands for. */
  readonly ids: readonly SubjectId[];
  readonly isPlace: boolean;
}

/** What of a dossier says who can act. */
interface ActingSubject {
  readonly id: SubjectId;
  readonly kind: SubjectKind;
  readonly side: SubjectId | null;
  readonly organs: Readonly<Record<DossierLang, readonly string[]>>;
}

/** Characters of everyday headlines that only traditional Chinese writes. */
const TRADITIONAL = /[國與對會發說請讓還護變開關灣個們經過進轉動導彈戰軍艦總統長東車門關韓陸黨議員機區]/u;

/** 外交部 is the ministry of another government in traditional characters than in simplified ones. */
function writtenIn(lang: EventLang, text: string): DossierLang {
  if (lang !== 'zh') return lang;
  return TRADITIONAL.test(text) ? 'zh-Hant' : 'zh-Hans';
}

/** Compiled when the first event of a language comes. */
function organsOf(subjects: readonly ActingSubject[]): Actors['organs'] {
  const known = new Map<DossierLang, Organs | null>();
  return (lang, text) => {
    const written = writtenIn(lang, text);
    const before = known.get(written);
    if (before !== undefined) return before;
    const words = subjects.flatMap(({ id, organs }) => organs[written].map((word) => [word, id] as const));
    const compiled = compileOrgans(lang, words);
    known.set(written, compiled);
    return compiled;
  };
}

/**
 * Countries act, and whatever else others stand for; a person or an organisation acts and its country with it (`event … actor:japan`
 * finds what its prime minister does); a city that stands for a government means the government, and is no party itself.
 */
export function actorsOf(subjects: readonly ActingSubject[]): Actors {
  const sides = new Set(subjects.map(({ side }) => side));
  const actors = new Map<SubjectId, Actor>();
  for (const { id, kind, side } of subjects) {
    if (kind === 'country' || sides.has(id)) actors.set(id, { ids: [id], isPlace: false });
    else if (kind === 'person' || kind === 'organisation') {
      actors.set(id, { ids: side === null ? [id] : [id, side], isPlace: false });
    } else if (kind === 'place' && side !== null) actors.set(id, { ids: [side], isPlace: true });
  }
  const policies = new Set(subjects.filter(({ kind }) => kind === 'policy').map(({ id }) => id));
  return {
    of: (id) => actors.get(id) ?? null,
    sidesOf: (ids) => new Set(ids.map((id) => actors.get(id)?.ids.at(-1))).size,
    isPolicy: (id) => policies.has(id),
    organs: organsOf(subjects),
  };
}

/** A place where a text names a subject: UTF-16 offsets into the field. */
export interface NamedAt {
  readonly id: SubjectId;
  readonly field: Field;
  readonly start: number;
  readonly end: number;
}

/** Words of a field that name one actor, or several who act as one: `Japanese Prime Minister Takaichi`, 한일. */
export interface Party {
  readonly start: number;
  readonly end: number;
  /** Most specific first. */
  readonly ids: readonly SubjectId[];
  /** Whom it stands for in the end. */
  readonly side: SubjectId;
  /** Whether nothing but a place is named: it acts where the words say so, and is a scene elsewhere. */
  readonly isPlace: boolean;
}

function ranked(ids: readonly SubjectId[], side: SubjectId): readonly SubjectId[] {
  const distinct = [...new Set(ids)];
  return [...distinct.filter((id) => id !== side), ...distinct.filter((id) => id === side)];
}

/** Whether a name is part of the name of a policy. */
function isWithinPolicy(name: NamedAt, named: readonly NamedAt[], actors: Actors): boolean {
  return named.some(
    (other) =>
      other.start <= name.start &&
      other.end >= name.end &&
      other.end - other.start > name.end - name.start &&
      actors.isPolicy(other.id),
  );
}

type Joins = (start: number, end: number) => boolean;

/** Whether a party goes on with the next one. A place behind somebody's name is where they are, not who: 高市首相、奈良で会談. */
function goesOn(last: Party, next: Party, joins: Joins): boolean {
  if (last.side !== next.side) return false;
  if (next.start < last.end) return true;
  return (last.isPlace || !next.isPlace) && joins(last.end, next.start);
}

function asOne(a: Party, b: Party): Party {
  return {
    start: a.start,
    end: Math.max(a.end, b.end),
    ids: ranked([...a.ids, ...b.ids], a.side),
    side: a.side,
    isPlace: a.isPlace && b.isPlace,
  };
}

const isWithin = (inner: NamedAt, outer: { readonly start: number; readonly end: number }): boolean =>
  inner.start >= outer.start && inner.end <= outer.end;

/** Parties of a text that go by words that are no names. What touches a name is its office (中 외교부, 美国防部), and no longer word (国台办). */
function organsNamed(
  lang: EventLang,
  text: string,
  named: readonly NamedAt[],
  actors: Actors,
): readonly Party[] {
  const organs = actors.organs(lang, text);
  if (organs === null) return [];
  const parties: Party[] = [];
  const { pattern } = organs;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const { 0: word, index: start } = found;
    const end = start + word.length;
    const actor = organs.of.get(word);
    const ids = actor === undefined ? undefined : actors.of(actor)?.ids;
    const side = ids?.at(-1);
    const isOffice = named.some((name) => {
      // 国台办 is of China, though what it names is a matter of Taiwan.
      if (name.start === start && name.end === end && actors.of(name.id)?.ids.at(-1) !== side) return false;
      if (name.end <= start) return text.slice(name.end, start).trim() === '';
      return name.start < end && !(isWithin(name, { start, end }) && name.end - name.start < word.length);
    });
    if (ids !== undefined && side !== undefined && !isOffice)
      parties.push({ start, end, ids, side, isPlace: false });
  }
  return parties;
}

/** The parties of a text in the order of reading, by their names and by words that stand for them. See partiesNamed. */
export function partiesInText(
  lang: EventLang,
  text: string,
  named: readonly NamedAt[],
  actors: Actors,
  joins: Joins,
): readonly Party[] {
  // What does not act itself may be an organ of who does: 尖閣.
  const acting = named.filter(({ id }) => actors.of(id) !== null);
  const organs = organsNamed(lang, text, acting, actors);
  if (organs.length === 0) return partiesNamed(named, actors, joins);
  const others = named.filter((name) => !organs.some((organ) => isWithin(name, organ)));
  return [...partiesNamed(others, actors, joins), ...organs].sort((a, b) => a.start - b.start);
}

/** The parties that are named in a field, in the order of reading. `joins` says whether the words between two names of one side make them one. */
function partiesNamed(named: readonly NamedAt[], actors: Actors, joins: Joins): readonly Party[] {
  const sorted = [...named].sort((a, b) => a.start - b.start || b.end - a.end);
  const parties: Party[] = [];
  for (const name of sorted) {
    const actor = actors.of(name.id);
    const side = actor?.ids.at(-1);
    if (actor === null || side === undefined || isWithinPolicy(name, named, actors)) continue;
    const party = { start: name.start, end: name.end, side, ...actor };
    const last = parties.at(-1);
    if (last !== undefined && goesOn(last, party, joins)) parties[parties.length - 1] = asOne(last, party);
    else parties.push(party);
  }
  return parties;
}
