import type { Dossier, DossierLang } from '../src/dossier/dossier.ts';
import { vocabulary } from './corpus.ts';
import { NEWS_WORDS, PARTICLES } from './news-words.ts';
import { random } from './random.ts';
import type { Random } from './random.ts';

export type Script = keyof typeof NEWS_WORDS;
export const SCRIPTS: readonly Script[] = ['en', 'ko', 'ja', 'zh'];

export interface Text {
  readonly title: string;
  readonly text: string;
}

/** What names an item has. */
interface Names {
  /** The share of its words that are names of the dossier. */
  readonly share: number;
  /** Of how many subjects; any of all where it is not said. */
  readonly subjects?: number;
}

/**
 * Kinds of items, by how much they name: 5 to 8 mentions a kB of three subjects as feeds bring them (5 to 10 in 6,500 items of news of over
 * 300 bytes in the four languages), 11 to 18 of six in those that are all about it (15 to 20 in 750 of these), and, for the worst, 13 to 23
 * of up to 13.
 */
export const KINDS = {
  'as feeds bring them': { share: 0.035, subjects: 3 },
  'about the dossier': { share: 0.085, subjects: 6 },
  'of all its subjects': { share: 0.1 },
} as const satisfies Readonly<Record<string, Names>>;
export type Kind = keyof typeof KINDS;

/** The share of words hardly anybody else uses, so that nothing remembers the text around a name from another item. */
const RARE_SHARE = 0.3;
const TITLE_WORDS = 9;
/** Words after which a comma stands, and those after which a sentence ends. */
const CLAUSE_WORDS = 6;
const SENTENCE_WORDS = 18;

const STOPS: Readonly<Record<Script, readonly [comma: string, stop: string, space: string]>> = {
  en: [', ', '. ', ' '],
  ko: [', ', '. ', ' '],
  ja: ['、', '。', ''],
  zh: ['，', '。', ''],
};

function isOf(script: Script, lang: DossierLang): boolean {
  return lang.startsWith(script);
}

/** Every way the dossier has of naming each subject in this language, one character long or more. */
function namesBySubject(dossier: Dossier, script: Script): readonly (readonly string[])[] {
  return dossier.subjects
    .map(({ aliases }) => aliases.filter(({ lang }) => isOf(script, lang)).map(({ text }) => text))
    .filter((names) => names.length > 0);
}

function word(source: Random, script: Script, names: readonly string[], share: number): string {
  const draw = source.next();
  const own = draw < share ? names : draw < share + RARE_SHARE ? vocabulary()[script] : NEWS_WORDS[script];
  const text = source.pick(own);
  return script === 'ko' || script === 'ja' ? text + source.pick(PARTICLES[script]) : text;
}

/** Text of at least `bytes`, cut at the last whole character within them. */
function cut(text: string, bytes: number): string {
  return new TextDecoder().decode(Buffer.from(text).subarray(0, bytes)).replace(/\ufffd$/, '');
}

/** `count` items of so many bytes of UTF-8, the same for the same seed. */
export function textsOf(
  dossier: Dossier,
  script: Script,
  kind: Kind,
  { bytes, count, seed }: { readonly bytes: number; readonly count: number; readonly seed: number },
): readonly Text[] {
  const all = namesBySubject(dossier, script);
  const { share, subjects }: Names = KINDS[kind];
  const source = random(seed);
  const [comma, stop, space] = STOPS[script];
  const item = (): Text => {
    const named = subjects === undefined ? all : Array.from({ length: subjects }, () => source.pick(all));
    const names = named.flat();
    let text = '';
    let titleEnd = 0;
    for (let words = 1; Buffer.byteLength(text) < bytes; words += 1) {
      text += word(source, script, names, share);
      if (words === TITLE_WORDS) titleEnd = text.length;
      else text += words % SENTENCE_WORDS === 0 ? stop : words % CLAUSE_WORDS === 0 ? comma : space;
    }
    return { title: text.slice(0, titleEnd), text: cut(text, bytes).slice(titleEnd) };
  };
  return Array.from({ length: count }, item);
}
