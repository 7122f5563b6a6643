import type { SubjectId } from '../events/ids.ts';
import type { EventLang } from './event-langs.ts';

/** Words of an event's language that make a subject of a dossier its party without naming it. */
export interface Organs {
  readonly pattern: RegExp;
  readonly of: ReadonlyMap<string, SubjectId>;
}

/** What may stand before such a word: a beginning, a mark, a particle. After a name it is an office of that name: 中 외교부. */
const AHEAD: Readonly<Record<EventLang, string>> = {
  en: '(?<![\\p{L}\\p{N}-])',
  ko: '(?:(?<=[에을를은는서로해고자며]\\s)|(?<![\\p{L}\\p{N}]\\s?))',
  ja: '(?<![\\p{Script=Han}\\p{Script=Katakana}ーの・])',
  zh: '(?<![\\p{L}\\p{N}](?<![被遭向对由称与和同]))',
};

/** What may stand behind it: 외교부장 and 政府系 are other words, 국정원장 is its head. */
const BEHIND: Readonly<Record<EventLang, string>> = {
  en: '(?![\\p{L}\\p{N}])',
  ko: '(?=(?:(?<=[원청실])장)?(?:(?:은|는|이|가|도|에|의|와|과|를|을|에서|로부터|측|산)?(?:[^\\p{L}\\p{N}]|$)| ))',
  ja: '(?:(?<=人)|(?=[^\\p{Script=Han}\\p{Script=Katakana}ー]|報道官|高官|関係者|幹部|局長|次官|氏|副部長|外相|首相|大統領|国務長官|沖|周辺|近海|$))',
  zh: '(?!长|長)',
};

/** Words for offices that every government has; others are names, which may stand behind any word. */
const ANYBODYS_OFFICE: Readonly<Partial<Record<EventLang, RegExp>>> = {
  ko: /(?:부|청|원|회|실|군|경|찰|당국)$/u,
  // Two characters also stand within other words: 公海自由, 連邦人権.
  ja: /[省庁院局部会軍府邸相側]$|^..$/u,
  zh: /[部院会會办辦署府方]$|^..$/u,
};
/** What may stand before a name: in Japanese whoever holds the office too (木原官房長官). */
const AHEAD_OF_NAME: Readonly<Partial<Record<EventLang, string>>> = {
  ko: '(?<![\\p{L}\\p{N}])',
  ja: '',
  zh: '',
};

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A pattern of these words behind `ahead`; none where there are no words. */
function behind(
  ahead: string,
  words: readonly (readonly [word: string, id: SubjectId])[],
): readonly string[] {
  return words.length === 0 ? [] : [`${ahead}(?:${words.map(([word]) => escaped(word)).join('|')})`];
}

/** Compiles the words of a language, longest first; null where there are none. */
export function compileOrgans(
  lang: EventLang,
  words: readonly (readonly [word: string, id: SubjectId])[],
): Organs | null {
  if (words.length === 0) return null;
  const longestFirst = [...words].sort(([a], [b]) => b.length - a.length);
  const isOffice = ([word]: readonly [string, SubjectId]): boolean =>
    ANYBODYS_OFFICE[lang]?.test(word) ?? true;
  const offices = behind(AHEAD[lang], longestFirst.filter(isOffice));
  const names = behind(
    AHEAD_OF_NAME[lang] ?? AHEAD[lang],
    longestFirst.filter((word) => !isOffice(word)),
  );
  // Asked for first, the characters that a word can begin with spare all others the look at what stands ahead.
  const first = [...new Set(words.map(([word]) => escaped(Array.from(word)[0] ?? '')))].join('|');
  return {
    pattern: new RegExp(`(?=${first})(?:${[...offices, ...names].join('|')})${BEHIND[lang]}`, 'gu'),
    of: new Map(words),
  };
}
