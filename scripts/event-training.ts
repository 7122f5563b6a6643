import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { compileCues, type Cues, type EventField } from '../src/classify/event-cues.ts';
import { cueKey, cuesIn, eachCue, Grams, leadLength, titleLength } from '../src/classify/event-features.ts';
import { EVENT_LANGS, type EventLang } from '../src/classify/event-langs.ts';
import { EVENT_CLASSES, type EventWeights } from '../src/classify/event-model.ts';
import { normalize } from '../src/classify/normalize.ts';
import type { EventType } from '../src/events/event-type.ts';
import { BayesClassifier } from './bayes-classifier.ts';

/** A labelled example of fixtures/event-types: what it reports, and who does it to whom where the words show it. */
export interface EventExample {
  readonly id: string;
  readonly type: EventType | null;
  readonly title: string;
  readonly text: string;
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export const EVENT_EXAMPLES = 'fixtures/event-types';

/** What natural adds for what it has not seen. */
const SMOOTHING = 0.3;
/** Examples that must have a word or pair of characters for the model to learn it. */
const GRAM_EXAMPLES_MIN = 3;
/** Decimals of a weight. */
const DECIMALS = 2;

/**
 * Names of the world that the examples are of. What is learned of `China` would be whatever China does in the examples, so that words and
 * pairs that touch a name are not learned.
 */
const NAMES: Readonly<Record<EventLang, RegExp>> = {
  en: /\b(?:south|north|s|n|korean?s?|seoul|japan(?:ese)?|tokyo|chin(?:a|ese)|beijing|lee|jae|myung|takaichi|xi|jinping|trump|us|american?s?|washington|pyongyang|kim|jong|un|taiwan(?:ese)?|russian?s?|moscow|philippines?|manila|motegi|wang|yi|li|qiang|cho|hyun|hong|kong|okinawa|osaka|nara|india|ukraine|israel|iran)\b/giu,
  ko: /한국|한일|한중|한미|일본|중국|중일|일중|미국|북한|서울|도쿄|베이징|이재명|대통령|총리|다카이치|시진핑|트럼프|러시아|대만|김정은|필리핀|오사카|우크라|[韓中日美北李러]/gu,
  ja: /日本|中国|韓国|北朝鮮|米国|高市|首相|大統領|習|李|王毅|茂木|トランプ|ロシア|台湾|フィリピン|ウクライナ|金正恩|沖縄|東京|北京|ソウル|大阪|[韓中米日朝]/gu,
  zh: /日本|中国|韩国|韓國|中國|朝鲜|北韓|美国|美國|高市早苗|高市|李在明|习近平|特朗普|川普|首尔|首爾|北京|东京|大阪|王毅|俄罗斯|烏克蘭|乌克兰|菲律宾|台湾|台灣|总统|首相|[中日韩韓美俄朝台菲]/gu,
};

const NAME_BLANK = '\u0000';

function withoutNames(text: string, lang: EventLang): string {
  return text.replace(NAMES[lang], (name) => NAME_BLANK.repeat(name.length));
}

/** Lines of a file of examples. */
export async function readExamples(path: string): Promise<readonly EventExample[]> {
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as EventExample);
}

interface Row {
  readonly type: string;
  readonly cues: readonly number[];
  readonly grams: readonly number[];
}

/** A key as it is written: without a sign. */
const written = (key: number): number => key >>> 0;

/** A field whose words nobody has looked up. */
const fieldOf = (original: string): EventField => ({ text: normalize(original), words: null });

function gramsOf({ text }: EventField, length: number): readonly number[] {
  const { keys, count } = new Grams().read(text, 0, length);
  return Array.from(keys.subarray(0, count), written);
}

function rowOf({ type, title, text }: EventExample, lang: EventLang, cues: Cues): Row {
  const found = new Set<number>();
  const item = { title: fieldOf(title), text: fieldOf(text) };
  eachCue(cuesIn(item, cues), EVENT_LANGS[lang].head, (of, role) => found.add(written(cueKey(of, role))));
  const nameless = { title: fieldOf(withoutNames(title, lang)), text: fieldOf(withoutNames(text, lang)) };
  const grams = new Set([
    ...gramsOf(nameless.title, titleLength(nameless)),
    ...gramsOf(nameless.text, leadLength(nameless)),
  ]);
  return { type: type ?? 'none', cues: [...found], grams: [...grams] };
}

function learnable(rows: readonly Row[]): ReadonlySet<number> {
  const counts = new Map<number, number>();
  for (const { grams } of rows) {
    for (const gram of grams) counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
  return new Set([...counts].filter(([, count]) => count >= GRAM_EXAMPLES_MIN).map(([gram]) => gram));
}

const rounded = (value: number): number => Number(value.toFixed(DECIMALS));

/** Trains natural's naive Bayes on the examples of a language: the same examples and cues give the same weights. */
export function trainEvents(examples: readonly EventExample[], lang: EventLang): EventWeights {
  const cues = compileCues(EVENT_LANGS[lang].cues);
  const rows = examples.map((example) => rowOf(example, lang, cues));
  const grams = learnable(rows);
  const classifier = new BayesClassifier(undefined, SMOOTHING);
  for (const { type, ...row } of rows) {
    const tokens = [...row.cues, ...row.grams.filter((gram) => grams.has(gram))].map(String);
    // natural passes over what has no features, and a class must be known by its share of the examples all the same.
    classifier.addDocument(tokens.length === 0 ? ['-'] : tokens, type);
  }
  classifier.train();
  const { classFeatures, classTotals, totalExamples, smoothing } = classifier.classifier;
  const totals = EVENT_CLASSES.map((type) => classTotals[type] ?? 1);
  const features = Object.keys(classifier.features)
    .map((token, at) => ({ token, at }))
    .filter(({ token }) => token !== '-')
    .map(({ token, at }) => {
      const weights = EVENT_CLASSES.flatMap((type, number) => {
        const count = classFeatures[type]?.[at];
        return count === undefined ? [] : [`${number}:${rounded(Math.log(count / smoothing))}`];
      });
      return `${Number(token).toString(36)}=${weights.join(',')}`;
    });
  return {
    prior: totals.map((total) => rounded(Math.log(total / totalExamples))),
    absent: totals.map((total) => rounded(Math.log(smoothing / total))),
    features: features.sort().join(';'),
  };
}

/** The version of a model: the first digits of a digest of its weights. */
export function versionOf(weights: Readonly<Record<EventLang, EventWeights>>): string {
  return createHash('sha256').update(JSON.stringify(weights)).digest('hex').slice(0, 12);
}
