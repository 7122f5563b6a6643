// Beginnings of the names of the months in the languages whose feeds write them out, January first: English,
// German, Dutch, French, Spanish, Italian, Portuguese, Polish, Turkish, Hungarian, Greek, Russian, Ukrainian.
const MONTHS: readonly (readonly string[])[] = [
  'jan ene gen sty oca ιαν янв січ',
  'feb fev fév lut şub φεβ фев лют',
  'mar mär mrt maa már μαρ мар бер',
  'apr abr avr kwi nis ápr απρ апр кві',
  'may mai mei mag maj máj μαϊ μάι май мая тра',
  'jun juin giu cze haz jún ιούν ιουν июн чер',
  'jul juil lug lip tem júl ιούλ ιουλ июл лип',
  'aug ago aoû aou sie ağu αυγ αύγ авг сер',
  'sep set wrz eyl sze szep σεπ сен вер',
  'oct okt ott out paź eki οκτ окт жов',
  'nov lis kas νοε ноя лис',
  'dec dez dic déc gru ara δεκ дек гру',
].map((names) => names.split(' '));

/** 1 to 12 of a month's name, whole or shortened, or of `1月`; 0 for what is none. */
export function monthOf(written: string | undefined): number {
  const name = (written ?? '').toLowerCase();
  const counted = /^(\d{1,2})\s?[月월]/.exec(name)?.[1];
  if (counted !== undefined) return Number(counted);
  return MONTHS.findIndex((beginnings) => beginnings.some((beginning) => name.startsWith(beginning))) + 1;
}

const DIGITS = '〇一二三四五六七八九';

/** `二十六` and `二〇二六` as numbers. */
function counted(numeral: string): number {
  const digits = Array.from(numeral.replace(/[零○]/g, '〇'), (digit) => DIGITS.indexOf(digit));
  const ten = digits.indexOf(-1);
  if (ten < 0) return Number(digits.join(''));
  return (ten === 0 ? 1 : (digits[0] ?? 1)) * 10 + (digits[ten + 1] ?? 0);
}

// Only before the sign of a unit: `星期一` and `土曜日` are no numbers.
const NUMERAL = /[〇零○一二三四五六七八九十]{1,4}(?=\s?[年月日號号時时點点分秒])/g;

/** The year before the first of an era: Reiwa, Heisei, Shōwa, and the Republic of China. */
const ERA_BASES: Readonly<Record<string, number>> = {
  令和: 2018,
  平成: 1988,
  昭和: 1925,
  民國: 1911,
  民国: 1911,
};
const ERA = /(?:中華|中华)?(令和|平成|昭和|民國|民国)\s*(元|\d{1,3})\s*年/;

// `기사입력 2026.01.13.`: the day of a Korean article comes with what happened on it.
const LABEL =
  /^(?:기사\s*)?(?:최종\s*)?(?:입력|수정|등록|승인|송고|발행|게시|작성|업데이트)\s*(?:일시|일자|시간|일)?\s*[:：|]?\s*/;

/**
 * A date with its blanks single, its digits Arabic, its year of the common era, and without the label before
 * it.
 */
export function plainDate(text: string): string {
  const blanks = text
    .normalize('NFKC')
    .replace(/[\s\u200b-\u200f\u202a-\u202e\ufeff]+/g, ' ')
    .trim();
  // All of what follows is about letters that most dates have none of.
  // eslint-disable-next-line no-control-regex -- ASCII is a range of them
  if (/^[\u0000-\u007f]*$/.test(blanks)) return blanks;
  return blanks
    .replace(LABEL, '')
    .replace(NUMERAL, (numeral) => String(counted(numeral)))
    .replace(ERA, (_era, name: string, year: string) => {
      return `${(ERA_BASES[name] ?? 0) + (year === '元' ? 1 : Number(year))}年`;
    });
}

/** Minutes east of Greenwich where a date written in these letters was most likely written; 0 if they say nothing. */
export function zoneOfLetters(text: string): number {
  if (/[가-힣]/.test(text) || /[ぁ-ん]|午[前後]|曜|令和|平成|昭和/.test(text)) return 9 * 60;
  return /[上下]午|凌晨|早上|晚上|星期|[時时]?[點点]|民[國国]/.test(text) ? 8 * 60 : 0;
}
