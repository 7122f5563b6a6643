import { affixesOf, type Affixes } from './affixes.ts';
import type { CompiledAlias } from './gazetteer.ts';
import { ahead } from './following.ts';
import { isDuringVisit, isJapaneseWord } from './japanese-signs.ts';
import { beginsOtherWord } from './korean-words.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { HANGUL, classOf } from './script.ts';
import { ruleOf } from './sign-rules.ts';
import type { Run, Signs } from './sign-run.ts';

/** A one-character name that stands, and why. */
export interface SignFound {
  readonly alias: CompiledAlias;
  readonly start: number;
  readonly end: number;
  readonly rule: Rule;
}

const DOTS = new Set(['·', '-', '/', ',', '、', '.'].map((dot) => dot.charCodeAt(0)));
const COMMA = ','.charCodeAt(0);
/** Names in one compound at most: more is not a compound but noise. */
const RUN_SIGNS_MAX = 6;

/** Finds compounds (日韓, 한미일, 韓·中), names with affixes (訪日, 美軍, 対中) and names alone in a headline. */
export function findSigns(signs: Signs, places: readonly number[]): readonly SignFound[] {
  const affixes = affixesOf(signs.lang);
  if (affixes === null) return [];
  const found: SignFound[] = [];
  let done = -1;
  for (const place of places) {
    if (place <= done || signs.at(place).length === 0) continue;
    const run = runFrom(signs, place);
    if (isJapaneseWord(signs, run)) {
      done = run.end - 1;
      continue;
    }
    const rule = ruleOf(signs, run, affixes);
    const kept = rule === null ? shorter(signs, run, affixes) : { run, rule };
    if (kept === null) continue;
    for (const at of kept.run.places) {
      for (const alias of signs.at(at)) found.push({ alias, start: at, end: at + 1, rule: kept.rule });
    }
    done = kept.run.end - 1;
  }
  return found;
}

/** A compound that does not stand may still begin with one that does: 米|中間選挙. */
function shorter(signs: Signs, run: Run, affixes: Affixes): { run: Run; rule: Rule } | null {
  for (let length = run.places.length - 1; length > 0; length--) {
    const places = run.places.slice(0, length);
    const part = { places, end: (places.at(-1) ?? 0) + 1 };
    const rule = ruleOf(signs, part, affixes);
    if (rule !== null) return { run: part, rule };
  }
  return null;
}

function runFrom(signs: Signs, start: number): Run {
  const seen = new Set<number>();
  const places: number[] = [];
  const take = (at: number): boolean => {
    const subjects = signs.at(at).map(({ subject }) => subject);
    if (subjects.length === 0 || subjects.some((subject) => seen.has(subject))) return false;
    if (places.length > 0 && isOtherHangul(signs.text, at, places.length)) return false;
    if (isDuringVisit(signs, start, at)) return false;
    for (const subject of subjects) seen.add(subject);
    places.push(at);
    return true;
  };
  let at = start;
  while (places.length < RUN_SIGNS_MAX && take(at)) {
    const dotted = isDot(signs, at + 1) && signs.at(at + 2).length > 0;
    at += dotted ? 2 : 1;
  }
  return { places, end: (places.at(-1) ?? start) + 1 };
}

/** Whether names on either side belong together. Chinese lists have 、, and its comma ends a clause: 审理中,美籍被告 … */
function isDot({ text, lang }: Signs, at: number): boolean {
  const unit = text.units[at] ?? 0;
  return DOTS.has(unit) && !(unit === COMMA && lang === 'zh');
}

function isOtherHangul(text: Normalized, at: number, taken: number): boolean {
  if (classOf(text.units[at]) !== HANGUL) return false;
  return beginsOtherWord(ahead(text, at), taken, DOTS.has(text.units[at - 1] ?? 0));
}
