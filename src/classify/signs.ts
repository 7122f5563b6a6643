import { affixesOf, characters, type Affixes } from './affixes.ts';
import type { CompiledAlias } from './gazetteer.ts';
import { ahead, unitAt } from './following.ts';
import { isDuringVisit, isJapaneseWord } from './japanese-signs.ts';
import { beginsOtherWord } from './korean-words.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';
import { HANGUL, classOf } from './script.ts';
import { ruleOf } from './sign-rules.ts';
import type { Run, Signs } from './sign-run.ts';

/** One-character names that stand, and why. */
interface SignsFound {
  readonly run: Run;
  readonly rule: Rule;
}

const DOTS = characters('·-/,、.');
const COMMA = ','.charCodeAt(0);
/** Names in one compound at most: more is not a compound but noise. */
const RUN_SIGNS_MAX = 6;

/** Finds compounds (日韓, 한미일, 韓·中), names with affixes (訪日, 美軍, 対中) and names alone in a headline. */
export function findSigns(signs: Signs): readonly SignsFound[] {
  const affixes = affixesOf(signs.lang);
  const found: SignsFound[] = [];
  if (affixes === null) return found;
  let done = -1;
  for (const place of signs.places) {
    if (place <= done || signs.at(place).length === 0) continue;
    const run = runFrom(signs, place);
    if (isJapaneseWord(signs, run)) {
      done = run.end - 1;
      continue;
    }
    const rule = ruleOf(signs, run, affixes);
    const kept = rule === null ? shorter(signs, run, affixes) : { run, rule };
    if (kept === null) continue;
    found.push(kept);
    done = kept.run.end - 1;
  }
  return found;
}

/** A compound that does not stand may still begin with one that does: 米|中間選挙. */
function shorter(signs: Signs, run: Run, affixes: Affixes): SignsFound | null {
  for (let length = run.places.length - 1; length > 0; length--) {
    const places = run.places.slice(0, length);
    const part = { places, end: (places.at(-1) ?? 0) + 1 };
    const rule = ruleOf(signs, part, affixes);
    if (rule !== null) return { run: part, rule };
  }
  return null;
}

function runFrom(signs: Signs, start: number): Run {
  const places: number[] = [];
  let at = start;
  while (places.length < RUN_SIGNS_MAX && goesOn(signs, places, at)) {
    places.push(at);
    const dotted = isDot(signs, at + 1) && signs.at(at + 2).length > 0;
    at += dotted ? 2 : 1;
  }
  return { places, end: (places.at(-1) ?? start) + 1 };
}

/** Whether a run goes on with a name at `at`: with one of none of its subjects, and not as another word. */
function goesOn(signs: Signs, places: readonly number[], at: number): boolean {
  const names = signs.at(at);
  if (names.length === 0) return false;
  for (const place of places) if (sharesSubject(signs.at(place), names)) return false;
  const [first] = places;
  if (first === undefined) return true;
  return !isOtherHangul(signs.text, at, places.length) && !isDuringVisit(signs, first, at);
}

function sharesSubject(some: readonly CompiledAlias[], others: readonly CompiledAlias[]): boolean {
  for (const { subject } of some) for (const other of others) if (other.subject === subject) return true;
  return false;
}

/** Whether names on either side belong together. Chinese lists have 、, and its comma ends a clause: 审理中,美籍被告 … */
function isDot({ text, lang }: Signs, at: number): boolean {
  const unit = unitAt(text, at);
  return DOTS.has(unit) && !(unit === COMMA && lang === 'zh');
}

function isOtherHangul(text: Normalized, at: number, taken: number): boolean {
  if (classOf(text.units[at]) !== HANGUL) return false;
  return beginsOtherWord(ahead(text, at), taken, DOTS.has(unitAt(text, at - 1)));
}
