import type { FieldText } from './field-text.ts';
import { latinLanguage, votesOf, votesOfWords } from './latin-language.ts';
import { Sample } from './sample.ts';
import { HAN, HANGUL, HIRAGANA, KATAKANA, LETTER, UNITS, classOf } from './script.ts';
import { LETTERS } from './word-marks.ts';

/** A Hangul or kana share of all letters from which the text is Korean or Japanese, however much Latin it quotes. */
const SHARE_MIN = 0.1;

/** Frequent characters that Chinese has simplified and Japanese has not. */
const SIMPLIFIED =
  '发联业进网动视闻为实总开对个军务长强产习时现设关议经员机领续乌统场济战运际应举记亿间击创电过兰报这规资两组于罗书项东讲质农坚达导计标门' +
  '调车稳论队气从团线结并费亚赛带众级尔张备决协问题广势划无态义约话马彻贯华积还织愿护术节说显权连优贸极确种见历龙办专热传构风谈岛扩们转围讯' +
  '预价变访铁执岁验责赵类卫儿继环别严评贺乐袭图识边认';
/** Frequent characters that Japanese has simplified and Chinese has not, or otherwise. */
const KANJI =
  '発円対関経価実続権戦売総増挙済営気収県広転検変拡撃応圧両観伝険掲労験効団脳悪歳従捜頼歴継鉄乗庁専銭図単廃揺圏薬弁厳軽様択渉遅読齢楽拠' +
  '帯帰豊処覚恵抜辺闘戻歩満黒浜払斉壊徴仮弾駅譲歯粛沢縄覇児鉱毎巻賛剤囲剰桜悩仏栄雑隠駆陥亀焼勧蔵聴瀬騒渋拝徳稲黙釈顕歓竜覧猟絵犠寛込峠畑辻働';
/** Characters that speak against what a feed says; a name may well hold one. */
const AGAINST_HINT_MIN = 3;

const PRIMARIES = new Map<string, string>();
/** Language tags whose primary subtags are remembered; a feed can write anything. */
const PRIMARIES_MAX = 100;

/** The language family a text's rules belong to: a primary subtag, as far as the script can tell. */
export function primaryOf(lang: string | null | undefined): string | null {
  if (lang === null || lang === undefined) return null;
  const known = PRIMARIES.get(lang);
  if (known !== undefined) return known === '' ? null : known;
  const primary = lang.split(/[-_]/)[0]?.toLowerCase() ?? '';
  if (PRIMARIES.size < PRIMARIES_MAX) PRIMARIES.set(lang, primary);
  return primary === '' ? null : primary;
}

const CHINESE = 1;
const JAPANESE = 2;

/** For each unit the language of the two that alone writes it, 0 where both or neither do. */
function buildWriters(): Uint8Array {
  const writers = new Uint8Array(UNITS);
  for (const character of SIMPLIFIED) writers[character.charCodeAt(0)] = CHINESE;
  for (const character of KANJI) writers[character.charCodeAt(0)] = JAPANESE;
  return writers;
}

const WRITERS = buildWriters();

function writerOf(units: Uint16Array, at: number): number {
  return WRITERS[units[at] ?? 0] ?? 0;
}

interface Counts {
  readonly hangul: number;
  readonly kana: number;
  readonly han: number;
  readonly letters: number;
}

function countsOf({ units, length }: Sample): Counts {
  let [hangul, kana, han, letters] = [0, 0, 0, 0];
  for (let at = 0; at < length; at++) {
    const kind = classOf(units[at]);
    if (kind === LETTER) letters += 1;
    else if (kind === HAN) han += 1;
    else if (kind === HANGUL) hangul += 1;
    else if (kind === HIRAGANA || kind === KATAKANA) kana += 1;
  }
  return { hangul, kana, han, letters };
}

const EAST_ASIAN: readonly (string | null)[] = ['ko', 'ja', 'zh'];

/** Items are told one after the other, in one place. */
const sample = new Sample();

/**
 * The language of an item, BCP 47 primary subtag: by its script where that tells, by the characters that only Chinese or only
 * Japanese writes, or by the function words of Latin letters. `hint` (the feed's word) decides what these leave open, and is
 * overruled where they contradict it: Korean feeds carry English items. Null when neither says anything. `read` are the same
 * fields where their words have been looked up.
 */
export function languageOf(
  fields: readonly string[],
  hint?: string | null,
  read: readonly FieldText[] = [],
): string | null {
  const hinted = primaryOf(hint);
  if (read.length > 0 && read.every(({ text }) => text.isAscii)) return languageOfWords(read, hinted);
  sample.read(fields);
  const counts = countsOf(sample);
  const { hangul, kana, han, letters } = counts;
  const all = hangul + kana + han + letters;
  if (all === 0) return hinted;
  if (hangul / all >= SHARE_MIN && hangul >= kana) return 'ko';
  if (kana / all >= SHARE_MIN) return 'ja';
  // Words of an alphabet need about four letters for what Han says in one.
  if (han * 4 >= letters) return hanLanguage(sample, counts, hinted);
  return latinLanguage(votesOf(sample), latinHint(hinted));
}

function latinHint(hinted: string | null): string | null {
  return EAST_ASIAN.includes(hinted) ? null : hinted;
}

/** The same of fields that have no other letters than those of ASCII. */
function languageOfWords(fields: readonly FieldText[], hinted: string | null): string | null {
  if (!fields.some(hasLetter)) return hinted;
  return latinLanguage(votesOfWords(fields), latinHint(hinted));
}

function hasLetter({ text: { units }, words }: FieldText): boolean {
  for (let word = 0; word < words.count; word++) {
    if ((words.marks(word) & LETTERS) !== 0) return true;
    for (let at = words.start(word); at < words.end(word); at++)
      if (classOf(units[at]) === LETTER) return true;
  }
  return false;
}

function hanLanguage({ units, length }: Sample, { hangul, kana }: Counts, hinted: string | null): string {
  let [chinese, japanese] = [0, kana];
  for (let at = 0; at < length; at++) {
    const writer = writerOf(units, at);
    if (writer === CHINESE) chinese += 1;
    else if (writer === JAPANESE) japanese += 1;
  }
  const votes = { zh: chinese, ja: japanese };
  const shown = votes.ja > votes.zh ? 'ja' : 'zh';
  if (hinted !== 'ja' && hinted !== 'zh' && hinted !== 'ko') return shown;
  const least = AGAINST_HINT_MIN + (hinted === 'ko' ? 2 * hangul : 0);
  const against = votes[shown] >= least && votes[shown] > 2 * votes[shown === 'ja' ? 'zh' : 'ja'];
  return against ? shown : hinted;
}
