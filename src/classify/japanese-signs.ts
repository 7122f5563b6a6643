import { wordList } from './affixes.ts';
import { ahead, follows, standsAt, textAt, unitAt } from './following.ts';
import { foldedText, type Normalized } from './normalize.ts';
import { HIRAGANA, KATAKANA, LETTER, classOf } from './script.ts';
import type { Run, Signs } from './sign-run.ts';

/** A field and its language. */
type Written = Pick<Signs, 'text' | 'lang'>;

const unit = (character: string): number => foldedText(character).charCodeAt(0);
const units = (list: string): ReadonlySet<number> => new Set(Array.from(list, unit));
const [DAY, MIDDLE, RICE] = [unit('日'), unit('中'), unit('米')];

/** Before a country: a visit to it, a stay in it. What follows may be the time of it: 訪米|中. */
const VISITS = units('来訪滞渡駐在離');

/** この日|英首相: a day, whatever follows. */
const THAT = ['この', 'その', 'あの', 'ある', 'どの'].map(foldedText);

/** 日中33度, 日中、最高気温は35度: the day, and how hot it is. */
const HEAT = /^[、,はもで]?(?:の?(?:最高)?气温[はがも]?)?\d{1,2}(?:\.\d)?[度°]/;

/** What stands written on to a headline that begins with it, in papers that put no space between. */
const HEADINGS = ['社説', '論説', '主張', '速報'].map(foldedText);

/** Pairs that name something else unless two states have to do with one another: a ball club, Central America, Central Europe. */
const HOMONYMS = new Map(
  [
    [
      '中日',
      '関係 両国 首脳 友好 貿易 協議 摩擦 対立 経済 間の 間で 間に 双方 外交 国交 共同 戦争 平和 外相 会談 条約',
    ],
    ['朝露', '関係 首脳 両国 貿易 軍事 協力 条約 国境 会談 外相 同盟 蜜月'],
    ['台中', '関係 首脳 対話 貿易 間の 間で 両岸 交流協議'],
    [
      '中米',
      '関係 両国 首脳 貿易 協議 摩擦 対立 経済関係 経済摩擦 間の 間で 間に 双方 外交 国交 共同声明 会談 競争',
    ],
    ['中欧', '関係 首脳 貿易 協議 摩擦 対立 投資 班列 経済関係 間の 間で 双方 会談'],
  ].map(([pair, after]) => [foldedText(pair ?? ''), wordList(after ?? '')] as const),
);

/** Firms are named behind their country, and behind a trade as well: 半導体大手|米|インテル. */
const BRANDED = units('米韓');

/** What may be traded is either: American exports, exports of rice. */
const RICE_TRADE = wordList('政策 輸出 輸入 消費 生産 増産 減産 需要 需給 備蓄 市場 流通');

/** Units on either side in which it is told whether 米 is a grain. */
const NEAR_UNITS = 60;

const anyOf = (list: string): RegExp =>
  new RegExp(
    list
      .split(' ')
      .map((word) => foldedText(word))
      .join('|'),
  );
const GRAIN = anyOf(
  'コメ 農家 農相 農協 農政 農水 JA 概算金 稲 炊 収穫 銘柄 品種 食味 食べ 産地 作付 作況 減反 増産 もち ご飯 おにぎり とぎ 研ぎ 店頭 卸値 キロ とパン やパン 主食 給食 水田 田んぼ 茶わん 炊飯',
);
const STATE = anyOf(
  '関税 利下げ 利上げ 金利 攻撃 制裁 政権 大統領 トランプ 同盟 外交 軍 安保 防衛 責任 信頼 依存 追従 交渉 要求 圧力 覇権 戦略 核 協議 首脳 ' +
    '条約 国連 介入 撤退 離脱 支援 規制 通商 開放 議会 主導 総統 外相 立ち寄 歴訪 外遊',
);

function near(text: Normalized, at: number): string {
  return textAt(text, Math.max(0, at - NEAR_UNITS), Math.min(text.length, at + NEAR_UNITS));
}

/** Whether the text before `at` ends in one of the words. */
function endsBefore(text: Normalized, at: number, words: readonly string[]): boolean {
  for (const word of words) if (standsAt(text, at - word.length, word)) return true;
  return false;
}

/** Whether the run names no countries, whatever stands around it: 中米パナマ, その日英…. */
export function isJapaneseWord({ text, lang }: Written, { places, end }: Run): boolean {
  if (lang !== 'ja') return false;
  const first = places[0] ?? 0;
  if (text.units[first] === DAY && endsBefore(text, first, THAT)) return true;
  if (places.length !== 2 || end - first !== 2 || VISITS.has(unitAt(text, first - 1))) return false;
  if (text.units[first] === DAY && text.units[first + 1] === MIDDLE && HEAT.test(ahead(text, end)))
    return true;
  const tails = HOMONYMS.get(textAt(text, first, end));
  return tails !== undefined && follows(text, end, tails) === null;
}

/** Whether 中 at `at` says when, not where: 来日|中の, 訪米|中に. */
export function isDuringVisit({ text, lang }: Written, first: number, at: number): boolean {
  return lang === 'ja' && text.units[at] === MIDDLE && at > first && VISITS.has(unitAt(text, first - 1));
}

/** Whether 米 is the grain: what follows could be said of either, and the text around it speaks of farms and not of states. */
export function isRice({ text, lang }: Written, at: number): boolean {
  if (lang !== 'ja' || text.units[at] !== RICE) return false;
  const isOpen = classOf(text.units[at + 1]) === HIRAGANA || follows(text, at + 1, RICE_TRADE) !== null;
  if (!isOpen) return false;
  const around = near(text, at);
  return GRAIN.test(around) && !STATE.test(around);
}

/** Whether a firm or a foreign name follows that the country is put before: 米エヌビディア, 米CNN. */
export function isBeforeBrand({ text, lang }: Written, at: number): boolean {
  if (lang !== 'ja' || !BRANDED.has(unitAt(text, at)) || unitAt(text, at - 1) === MIDDLE) return false;
  const next = classOf(text.units[at + 1]);
  return next === KATAKANA || next === LETTER;
}

/** Whether 米 between kana is the state: 迫る|米の利下げ, and not うまい|米を. */
export function isStateAmongKana(text: Normalized, at: number): boolean {
  if (text.units[at] !== RICE) return false;
  const around = near(text, at);
  return STATE.test(around) && !GRAIN.test(around);
}

/** Whether a headline begins at `at`, behind the name of its column. */
export function isHeaded(text: Normalized, at: number): boolean {
  return endsBefore(text, at, HEADINGS);
}
