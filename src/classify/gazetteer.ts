import type { Alias, Dossier, Rival, Subject } from '../dossier/dossier.ts';
import { arenaOf, isHan, traitsOf, type AliasTraits, type Arena } from './alias-traits.ts';
import { actorsOf, type Actors } from './event-actors.ts';
import type { CompiledPattern, Sign } from './compiled-pattern.ts';
import { primaryOf } from './language.ts';
import { Lexicon } from './lexicon.ts';
import { casedText, foldedText, normalize } from './normalize.ts';
import { indexPatterns, type PatternIndex } from './pattern-index.ts';
import { publisherTail, type PublisherTail } from './publisher-tail.ts';
import { stakeOf, type Stake } from './relevance.ts';
import { HAN, HANGUL, HIRAGANA, KATAKANA, classOf, isWordUnit } from './script.ts';
import { buildTrie, type Trie } from './trie.ts';
import { compileWords, type Words } from './words.ts';

export interface CompiledAlias extends AliasTraits {
  readonly subject: number;
  readonly alias: Alias;
  /** Its language as a primary subtag. */
  readonly lang: string | null;
  /** The folded text. */
  readonly folded: string;
  /** The same with its capitals. */
  readonly cased: string;
  /** One East Asian character: stands only in compounds, with affixes, or alone in a headline. */
  readonly sign: boolean;
  /** Letters and digits of an alphabet alone. */
  readonly latin: boolean;
  readonly requires: readonly Sign[];
  readonly excludes: readonly number[];
  /** Folded texts that must not follow. */
  readonly unlessFollowedBy: readonly string[];
}

interface CompiledSubject {
  readonly subject: Subject;
  readonly stake: Stake;
  readonly arena: Arena;
  readonly patterns: readonly CompiledPattern[];
  /** Longer names of something else that hold one of its own, as written and folded. */
  readonly otherNames: readonly { readonly written: string; readonly folded: string }[];
}

/** A subject that is not meant inside a text, as that is the name of something else. */
export interface Unmeant {
  readonly subject: number;
  /** The one language in which it is; null for every. */
  readonly lang: string | null;
}

/** What a text of the trie can mean. */
export interface Meaning {
  readonly aliases: readonly CompiledAlias[];
  /** Subjects that are not meant inside this text: it is the name of something else. */
  readonly rivals: readonly Unmeant[];
  /** The capitals those names want, each at its place: US Steel is a company, US steel is none. Null without rivals. */
  readonly rivalCapitals: string | null;
  /** Cue words of the dossier. */
  readonly words: readonly number[];
}

/** Rivals of a subject over the names it shares with them. */
interface Contest {
  readonly rival: number;
  /** The shared names, folded. */
  readonly shares: ReadonlySet<string>;
}

/** A dossier made ready for matching, once. */
export interface Gazetteer {
  /** Subjects from this number on are rivals, which are matched like others and never tagged. */
  readonly taggable: number;
  readonly contests: ReadonlyMap<number, readonly Contest[]>;
  /** Ids of the rivals, the first that of the subject with the number `taggable`. */
  readonly rivalIds: readonly string[];
  readonly publisherTail: PublisherTail;
  readonly subjects: readonly CompiledSubject[];
  readonly patterns: PatternIndex;
  /** Who can be a party to an event. */
  readonly actors: Actors;
  /** What is looked for, folded; a text's number is that of its meaning. */
  readonly texts: readonly string[];
  readonly meanings: readonly Meaning[];
  readonly trie: Trie;
  /** Whether one of Latin letters alone begins with something else. */
  readonly beginsBetweenLatin: boolean;
  readonly words: Words;
  readonly lexicon: Lexicon;
  /** The cue words by number, as the dossier writes them. */
  readonly wordTexts: readonly string[];
  /** Those of an alphabet that the dossier writes with a capital: names, which are the same in every language of it. */
  readonly properWords: ReadonlySet<number>;
}

const EAST_ASIAN = new Set([HAN, HANGUL, HIRAGANA, KATAKANA]);

/** Whether words of this text are found by the trie; others by their stems. */
function isEastAsian(folded: string): boolean {
  for (let at = 0; at < folded.length; at++) {
    if (EAST_ASIAN.has(classOf(folded.charCodeAt(at)))) return true;
  }
  return false;
}

/** Whether a folded text can stand in a text whose units are of the Latin alphabet's first blocks. */
function isLatin(folded: string): boolean {
  return normalize(folded).isLatin;
}

/** Whether nothing is left of a text: it stands everywhere and says nothing. */
const isBlank = (folded: string): boolean => folded.trim() === '';

/** Whether two aliases that fold to one text say the same. */
function isSame(a: Alias, b: Alias): boolean {
  const key = ({ text, lang, ...rest }: Alias): string =>
    JSON.stringify({ ...rest, text: rest.exactCase ? casedText(text) : '', lang: primaryOf(lang) });
  return key(a) === key(b);
}

/**
 * Where a rival is one. Han characters say other things in Japanese, Chinese and Korean: 日本酒 is a drink in one, and in
 * another the beginning of 日本酒馆, a bar in Japan. A rival in another script is the name of a firm or paper everywhere.
 */
function languageOfRival(rival: string, lang: string): string | null {
  const primary = primaryOf(lang);
  return primary !== 'en' && isHan(foldedText(rival)) ? primary : null;
}

interface MeaningDraft {
  readonly aliases: CompiledAlias[];
  readonly rivals: Unmeant[];
  rivalCapitals: string | null;
  readonly words: number[];
}

/** The capitals of a text, each at its place, with spaces for everything else; empty where it has none. */
function capitalsOf(text: string): string {
  return casedText(text)
    .replace(/[^\p{Lu}]/gu, ' ')
    .trimEnd();
}

/** Of two spellings of one text, the one with fewer capitals. */
function looser(a: string | null, b: string): string {
  const count = (capitals: string): number => capitals.replaceAll(' ', '').length;
  return a === null || count(b) < count(a) ? b : a;
}

class Builder {
  readonly texts = new Map<string, MeaningDraft>();
  readonly wordIds = new Map<string, number>();
  readonly properWords = new Set<number>();
  /** The words by number, as the dossier first writes each. */
  readonly wordTexts: string[] = [];
  readonly #subjectOf: ReadonlyMap<string, number>;

  constructor(subjects: readonly Subject[]) {
    this.#subjectOf = new Map(subjects.map(({ id }, index) => [id, index]));
  }

  meaning(text: string): MeaningDraft {
    const folded = foldedText(text);
    const known = this.texts.get(folded) ?? { aliases: [], rivals: [], rivalCapitals: null, words: [] };
    this.texts.set(folded, known);
    return known;
  }

  word(text: string): number {
    const folded = foldedText(text);
    const known = this.wordIds.get(folded);
    const id = known ?? this.wordIds.size;
    if (capitalsOf(text) !== '') this.properWords.add(id);
    if (known !== undefined) return known;
    this.wordIds.set(folded, id);
    this.wordTexts.push(text);
    if (isEastAsian(folded)) this.meaning(text).words.push(id);
    return id;
  }

  sign(text: string): Sign {
    if (!text.startsWith('@')) return { word: this.word(text) };
    const subject = this.#subjectOf.get(text.slice(1));
    // The loader refuses unknown ids; a dossier made by hand must not silently lose a condition.
    if (subject === undefined) throw new Error(`${text} names no subject of the dossier`);
    return { subject };
  }

  add(subject: number, named: Subject, alias: Alias): void {
    const folded = foldedText(alias.text);
    if (isBlank(folded)) return;
    const meaning = this.meaning(alias.text);
    // zh-Hans and zh-Hant often fold to one text.
    const same = meaning.aliases.some((other) => other.subject === subject && isSame(other.alias, alias));
    if (same) return;
    meaning.aliases.push({
      subject,
      alias,
      lang: primaryOf(alias.lang),
      folded,
      cased: casedText(alias.text),
      sign: folded.length === 1 && EAST_ASIAN.has(classOf(folded.charCodeAt(0))),
      latin: !isEastAsian(folded),
      ...traitsOf(subject, named, alias, folded),
      requires: alias.requires.map((text) => this.sign(text)),
      excludes: alias.excludes.map((text) => this.word(text)),
      unlessFollowedBy: alias.unlessFollowedBy.map(foldedText).filter((text) => !isBlank(text)),
    });
    for (const rival of alias.notIn) {
      if (isBlank(foldedText(rival))) continue;
      const meaning = this.meaning(rival);
      const lang = languageOfRival(rival, alias.lang);
      const isKnown = meaning.rivals.some((other) => other.subject === subject && other.lang === lang);
      if (!isKnown) meaning.rivals.push({ subject, lang });
      meaning.rivalCapitals = looser(meaning.rivalCapitals, capitalsOf(rival));
    }
  }
}

/** What of a dossier a tagger is made of. */
export type TaggerDossier = Pick<Dossier, 'subjects'> & Partial<Pick<Dossier, 'rivals' | 'publishers'>>;

/** A rival as a subject of the same kind as the one whose names it bears, so that their names compete for words. */
function rivalSubject({ id, note, of, aliases }: Rival, subjects: readonly Subject[]): Subject {
  const borne = subjects.find((subject) => subject.id === of[0]);
  if (borne === undefined)
    throw new Error(`the rival ${id} bears the name of ${of[0]}, which the dossier does not have`);
  return { ...borne, note, aliases, patterns: [] };
}

function contestsOf(subjects: readonly Subject[], rivals: readonly Rival[]): Gazetteer['contests'] {
  const contests = new Map<number, Contest[]>();
  rivals.forEach(({ of, shares }, index) => {
    if (shares.length === 0) return;
    const contest = { rival: subjects.length + index, shares: new Set(shares.map(foldedText)) };
    subjects.forEach(({ id }, subject) => {
      if (of.includes(id)) contests.set(subject, [...(contests.get(subject) ?? []), contest]);
    });
  });
  return contests;
}

function otherNamesOf({ aliases }: Subject): CompiledSubject['otherNames'] {
  const written = new Set(aliases.flatMap(({ notIn }) => notIn));
  return Array.from(written, (text) => ({ written: text, folded: foldedText(text) })).filter(
    ({ folded }) => !isBlank(folded),
  );
}

/** Compiles the subjects of a dossier. Throws on a condition that names a subject that is not there. */
export function compileGazetteer({ subjects: own, rivals = [], publishers = [] }: TaggerDossier): Gazetteer {
  const subjects = [...own, ...rivals.map((rival) => rivalSubject(rival, own))];
  const builder = new Builder(own);
  subjects.forEach((subject, index) => {
    for (const alias of subject.aliases) builder.add(index, subject, alias);
  });
  const compiled = subjects.map((subject): CompiledSubject => ({
    subject,
    stake: stakeOf(subject),
    arena: arenaOf(subject),
    patterns: subject.patterns.map((pattern) => ({
      pattern,
      allOf: pattern.allOf.map((group) => group.map((text) => builder.sign(text))),
      noneOf: pattern.noneOf.map((text) => builder.sign(text)),
    })),
    otherNames: otherNamesOf(subject),
  }));
  const texts = [...builder.texts.keys()];
  const trie = buildTrie(texts);
  const words = compileWords([...builder.wordIds].filter(([text]) => !isEastAsian(text)));
  return {
    subjects: compiled,
    patterns: indexPatterns(compiled, builder.wordTexts),
    taggable: own.length,
    contests: contestsOf(own, rivals),
    publisherTail: publisherTail(publishers),
    rivalIds: rivals.map(({ id }) => id),
    actors: actorsOf(own),
    texts,
    meanings: [...builder.texts.values()],
    trie,
    beginsBetweenLatin: texts.some((text) => isLatin(text) && !isWordUnit(text.charCodeAt(0))),
    words,
    lexicon: new Lexicon(trie, words),
    properWords: builder.properWords,
    wordTexts: builder.wordTexts,
  };
}
