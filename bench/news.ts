import type { Dossier, DossierLang, Subject } from '../src/dossier/dossier.ts';
import { scriptOf, vocabulary } from './corpus.ts';
import { NEWS_WORDS, PARTICLES } from './news-words.ts';
import { random } from './random.ts';
import type { Random } from './random.ts';

/** Shares of items, of 1. */
const NAMING_SHARE = 0.35;
const REVISED_SHARE = 0.03;
const COPIED_SHARE = 0.03;
/** The share of words that are rare ones, each a word that hardly anybody else uses. */
const RARE_SHARE = 0.25;
const TITLE_CHARS = { least: 40, most: 90 };
const SUMMARY_CHARS = { least: 150, most: 300 };
const SUBJECTS_MAX = 3;
/** How many items of the same feed lie between an item and its revision; copies come as late. */
const LATER_ROUNDS = { least: 13, most: 60 };
const MONTH_MS = 30 * 86_400_000;

/** A feed that generated items come from. */
export interface Outlet {
  readonly feed: string;
  readonly publisher: string;
  readonly name: string;
  readonly country: string;
  readonly host: string;
  readonly lang: DossierLang;
}

/** An item as a line of an archive gives it, and as an entry of a feed. */
export interface NewsItem {
  readonly title: string;
  readonly summary: string;
  readonly url: string;
  readonly guid: string;
  /** ISO 8601. */
  readonly date: string;
  readonly source: string;
  readonly lang: DossierLang;
}

export interface NewsOptions {
  readonly dossier: Dossier;
  readonly outlets: readonly Outlet[];
  readonly seed: number;
  /** Items in all: their dates are spread over the month before `until`. */
  readonly count: number;
  readonly until: Date;
}

/** Item number `index`, the same for the same options; number n belongs to outlet n modulo their number. */
export type NewsWriter = (index: number) => NewsItem;

function isLang(lang: string): lang is DossierLang {
  return ['en', 'ko', 'ja', 'zh-Hans', 'zh-Hant'].includes(lang);
}

/** `count` feeds of the dossier, evenly from its list, so that languages have the shares they have there. */
export function outletsOf(dossier: Dossier, count: number): Outlet[] {
  const usable = dossier.feeds.flatMap((feed): Outlet[] => {
    const publisher = dossier.publishers.find(({ id }) => id === feed.publisher);
    const host = publisher?.hosts[0];
    if (publisher === undefined || host === undefined || !isLang(feed.lang)) return [];
    const { id, name, country } = publisher;
    return [{ feed: feed.id, publisher: id, name, country, host, lang: feed.lang }];
  });
  const wanted = Math.min(count, usable.length);
  return Array.from({ length: wanted }, (_, n) => usable[Math.floor((n * usable.length) / wanted)]).filter(
    (outlet) => outlet !== undefined,
  );
}

/** Every subject's plain names in a language: those that count wherever they stand. */
function namesOf(subjects: readonly Subject[], lang: DossierLang): string[][] {
  return subjects
    .map(({ aliases }) =>
      aliases
        .filter((alias) => alias.lang === lang && alias.requires.length + alias.excludes.length === 0)
        .map(({ text }) => text),
    )
    .filter((names) => names.length > 0);
}

interface Names {
  readonly entities: readonly (readonly string[])[];
  readonly topics: readonly (readonly string[])[];
}

const ENTITY_KINDS: readonly string[] = ['person', 'place', 'organisation', 'country'];

function namesIn(dossier: Dossier, lang: DossierLang): Names {
  const entities = dossier.subjects.filter(({ kind }) => ENTITY_KINDS.includes(kind));
  const topics = dossier.subjects.filter(({ kind }) => !ENTITY_KINDS.includes(kind));
  return { entities: namesOf(entities, lang), topics: namesOf(topics, lang) };
}

function named(source: Random, names: Names): string[] {
  if (source.next() >= NAMING_SHARE) return [];
  const entities = Array.from({ length: 1 + source.below(SUBJECTS_MAX) }, () =>
    source.pick(names.entities[source.rank(names.entities.length)] ?? ['']),
  );
  if (names.topics.length === 0 || source.next() < 0.5) return entities;
  return [...entities, source.pick(names.topics[source.rank(names.topics.length)] ?? [''])];
}

function word(source: Random, script: keyof typeof NEWS_WORDS): string {
  const rare = source.next() < RARE_SHARE;
  const text = source.pick(rare ? vocabulary()[script] : NEWS_WORDS[script]);
  return script === 'ko' || script === 'ja' ? text + source.pick(PARTICLES[script]) : text;
}

/** Text of about so many characters, with `names` somewhere in it. */
function text(
  source: Random,
  lang: DossierLang,
  { least, most }: { least: number; most: number },
  names: readonly string[],
): string {
  const script = scriptOf(lang);
  const spaced = script === 'en' || script === 'ko';
  const target = least + source.below(most - least - names.join('').length / 2);
  const words = [...names];
  let chars = words.join('').length;
  while (chars < target) {
    const next = word(source, script);
    // Names keep their order and get words before and between them.
    words.splice(source.below(words.length + 1), 0, next);
    chars += next.length + (spaced ? 1 : 0);
  }
  if (spaced) return words.join(' ').slice(0, most);
  return words
    .map((one, index) => (index % 7 === 6 ? `${one}${script === 'ja' ? '、' : '，'}` : one))
    .join('')
    .slice(0, most);
}

interface Draft extends NewsItem {
  readonly role: 'new' | 'revision' | 'copy';
  /** Which earlier item a revision or copy is of, in rounds of all outlets. */
  readonly rounds: number;
}

/** Two numbers as one seed; neighbours must not share their draws. */
function seedOf(seed: number, index: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
}

/** The place of the last item before `index` and `rounds` rounds earlier whose outlet writes in the same language. */
function copiedIndex(outlets: readonly Outlet[], index: number, rounds: number): number {
  const lang = outlets[index % outlets.length]?.lang;
  for (let at = index - rounds * outlets.length - 1; at >= 0; at--)
    if (outlets[at % outlets.length]?.lang === lang) return at;
  return -1;
}

/**
 * Makes news like those of a real watch, without holding any of it: every item is computed from its number alone. About
 * a third names the dossier's subjects; a few percent are revisions of an earlier item of the same feed or copies of
 * another's.
 */
export function newsWriter({ dossier, outlets, seed, count, until }: NewsOptions): NewsWriter {
  const names = new Map(outlets.map(({ lang }) => [lang, namesIn(dossier, lang)]));
  const draft = (index: number): Draft => {
    const outlet = outlets[index % outlets.length];
    if (outlet === undefined) throw new RangeError('no outlet to write for');
    const source = random(seedOf(seed, index));
    const { lang, name, host } = outlet;
    const subjects = named(source, names.get(lang) ?? { entities: [], topics: [] });
    const title = text(source, lang, TITLE_CHARS, subjects.slice(0, 2));
    const summary = text(source, lang, SUMMARY_CHARS, subjects);
    const url = `https://${host}/bench/${seed}/${index}.html`;
    const drawn = source.next();
    const role = drawn < REVISED_SHARE ? 'revision' : drawn < REVISED_SHARE + COPIED_SHARE ? 'copy' : 'new';
    const at = until.getTime() - MONTH_MS + Math.floor((MONTH_MS * (index + source.next())) / count);
    const rounds = LATER_ROUNDS.least + source.below(LATER_ROUNDS.most - LATER_ROUNDS.least);
    const date = new Date(at).toISOString();
    return { title, summary, url, guid: `bench-${seed}-${index}`, date, source: name, lang, role, rounds };
  };
  return (index) => {
    const { role, rounds, ...item } = draft(index);
    if (role === 'new') return item;
    const at = role === 'revision' ? index - rounds * outlets.length : copiedIndex(outlets, index, rounds);
    if (at < 0) return item;
    const { title, summary, url, guid, date } = draft(at);
    if (role === 'copy') return { ...item, title: `${title} - ${item.source}`, summary };
    return { ...item, url, guid, date, title: `${title} (${index})`, summary };
  };
}
