import type { Alias, Dossier, DossierLang, Subject } from '../dossier/dossier.ts';
import type { SubjectId } from '../events/ids.ts';
import type { Mention } from '../events/item.ts';
import type { Tagger, TaggerInput } from './tagger.ts';

/** Plain sentences around a name, by its language: `%` is the name, with what is likely to follow one. */
const FRAMES: Readonly<Record<DossierLang, readonly string[]>> = {
  en: ['%', 'On Monday, % was in the news.', 'Talks with % ended', 'The % question'],
  ko: ['%', '% 관련 보도', '오늘 %에서 회담', '%의 입장'],
  ja: ['%', '%について報道', '本日、%で会談', '%の立場'],
  'zh-Hans': ['%', '关于%的报道', '今天，%表示', '在%举行会谈'],
  'zh-Hant': ['%', '關於%的報導', '今天，%表示', '在%舉行會談'],
};
const ENDS: Readonly<Record<DossierLang, string>> = {
  en: '. ',
  ko: '. ',
  ja: '。',
  'zh-Hans': '。',
  'zh-Hant': '。',
};
/** Topics asked for by patterns of topics. */
const DEPTH_MAX = 2;
/** A day for names that count on any. */
const ANY_DAY = '2026-01-13';

/** A day on which the alias counts. */
const dayOf = ({ from, until }: Alias): string => from ?? until ?? ANY_DAY;

/** Whether the alias names its subject whatever else is in the text, on any day. */
const isSure = ({ text, requires, weight, from, until }: Alias): boolean =>
  requires.length === 0 && weight >= 1 && from === null && until === null && text.length > 1;

/** Words by which an item is sure to have what a sign asks for; empty where there are none that are simple. */
function wordsFor(sign: string, lang: DossierLang, subjects: readonly Subject[], depth = 0): string {
  if (!sign.startsWith('@')) return sign;
  const asked = subjects.find(({ id }) => id === sign.slice(1));
  if (asked === undefined) return '';
  const sure = asked.aliases.filter(isSure);
  const name = sure.find((alias) => alias.lang === lang) ?? sure[0];
  if (name !== undefined || depth === DEPTH_MAX) return name?.text ?? '';
  const groups = asked.patterns[0]?.allOf ?? [];
  return groups.map(([first = '']) => wordsFor(first, lang, subjects, depth + 1)).join(' ');
}

/** Words that meet one of the conditions of the alias, if it has any. */
function contextOf({ requires, lang }: Alias, subjects: readonly Subject[]): string {
  for (const sign of requires) {
    const words = wordsFor(sign, lang, subjects);
    if (words !== '') return words;
  }
  return '';
}

/** What came of trying an alias. */
export type Probed =
  | { readonly kind: 'taken'; readonly subjects: readonly SubjectId[] }
  | { readonly kind: 'refused'; readonly rules: readonly string[] };

/** The plainest texts in which the alias stands, with what it asks for. */
export function probesOf(alias: Alias, dossier: Pick<Dossier, 'subjects'>): TaggerInput[] {
  const { lang, text } = alias;
  const context = contextOf(alias, dossier.subjects);
  return FRAMES[lang].map((frame) => ({
    title: frame.replace('%', () => text),
    text: context === '' ? '' : `${context}${ENDS[lang]}`,
    lang,
    date: dayOf(alias),
  }));
}

/** Whether a mention takes in the place of the name in the title. */
function takesIn(title: string, text: string): (mention: Mention) => boolean {
  const start = title.indexOf(text);
  return (mention) => mention.field === 'title' && mention.start < start + text.length && start < mention.end;
}

/**
 * Tries an alias of `subject` in the plainest texts, by itself first: whom the name means in the first in which it is taken, or by
 * which rules it was refused in all of them. A longer name of the same subject around it counts as the name.
 */
export function probe(
  tagger: Tagger,
  dossier: Pick<Dossier, 'subjects'>,
  subject: SubjectId,
  alias: Alias,
): Probed {
  const rules = new Set<string>();
  for (const input of probesOf(alias, dossier)) {
    const { tags, refused } = tagger.tag(input);
    const isHere = takesIn(input.title, alias.text);
    const here = tags.filter(({ mentions }) => mentions.some(isHere)).map(({ id }) => id);
    if (here.includes(subject)) return { kind: 'taken', subjects: here };
    for (const { id, rule } of refused) if (id === subject) rules.add(rule);
    for (const id of here) rules.add(`longer-name:${id}`);
  }
  return { kind: 'refused', rules: [...rules] };
}
