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

/** One word in so many is a name of the dossier: some 15 mentions a kB, as in news that is all about it. */
const NAME_SHARE = 0.1;
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

/** Every way the dossier has of naming somebody or something in this language, one character long or more. */
function namesOf(dossier: Dossier, script: Script): readonly string[] {
  return dossier.subjects.flatMap(({ aliases }) =>
    aliases.filter(({ lang }) => isOf(script, lang)).map(({ text }) => text),
  );
}

function word(source: Random, script: Script, names: readonly string[]): string {
  const draw = source.next();
  const own =
    draw < NAME_SHARE ? names : draw < NAME_SHARE + RARE_SHARE ? vocabulary()[script] : NEWS_WORDS[script];
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
  { bytes, count, seed }: { readonly bytes: number; readonly count: number; readonly seed: number },
): readonly Text[] {
  const names = namesOf(dossier, script);
  const source = random(seed);
  const [comma, stop, space] = STOPS[script];
  const item = (): Text => {
    let text = '';
    let titleEnd = 0;
    for (let words = 1; Buffer.byteLength(text) < bytes; words += 1) {
      text += word(source, script, names);
      if (words === TITLE_WORDS) titleEnd = text.length;
      else text += words % SENTENCE_WORDS === 0 ? stop : words % CLAUSE_WORDS === 0 ? comma : space;
    }
    return { title: text.slice(0, titleEnd), text: cut(text, bytes).slice(titleEnd) };
  };
  return Array.from({ length: count }, item);
}
