import type { Field } from '../events/item.ts';
import { isHangul } from './character.ts';
import { tokensOf } from './tokens.ts';
import type { Token } from './tokens.ts';
import { quoted } from './tsvector.ts';
import { lookupForm, overSpace, POSITION_MAX, WordList } from './words.ts';
import type { Words } from './words.ts';

interface Sought {
  readonly lexeme: string;
  /** Whether any lexeme that begins so will do. */
  readonly prefix: boolean;
}

/** What must stand `offset` positions after the beginning of the phrase: one of these. */
interface Slot {
  readonly offset: number;
  readonly any: readonly Sought[];
}

/** Words in order, at exact distances: one slot or more, the first at offset 0. */
export interface Phrase {
  readonly slots: readonly Slot[];
  /** Positions it takes. */
  readonly length: number;
}

/** The part of an item that words are looked for in; null for all. A phrase never runs from one into another. */
export type WordField = Field | null;

/** Parts of a phrase that are looked for: what follows them is not asked for. */
export const PHRASE_PARTS_MAX = 256;
/** Characters of a Hangul run from which a space may stand in it: shorter words are told from chance by being one. */
const SPACEABLE_PARTS_MIN = 4;

function pairAt(parts: readonly string[], index: number): readonly Sought[] {
  const [before, after] = [parts[index] ?? '', parts[index + 1] ?? ''];
  const pair = { lexeme: before + after, prefix: false };
  const isInner = index > 0 && index < parts.length - 2;
  if (parts.length < SPACEABLE_PARTS_MIN || !isInner || !isHangul(before) || !isHangul(after)) return [pair];
  return [pair, { lexeme: overSpace(before, after), prefix: false }];
}

function slotsOf({ isRun, parts }: Token, offset: number, prefix: boolean): readonly Slot[] {
  const first = parts[0] ?? '';
  if (!isRun) return [{ offset, any: [{ lexeme: prefix ? first : lookupForm(first), prefix }] }];
  // Alone it stands at the beginning of a pair, or at the end of a run.
  if (parts.length === 1) return [{ offset, any: [{ lexeme: first, prefix: true }] }];
  return parts.slice(1).map((_, index) => ({ offset: offset + index, any: pairAt(parts, index) }));
}

/**
 * What to look for when somebody asks for `text`: its words by their stems, in order; CJK characters wherever they stand, in the
 * middle of a run too. With `prefix` the last word may go on (`diplo*`), which CJK characters may anyway. Null when there is no
 * letter or digit in it.
 */
export function phraseOf(text: string, prefix: boolean): Phrase | null {
  const tokens = tokensOf(text, PHRASE_PARTS_MAX);
  const slots: Slot[] = [];
  let offset = 0;
  for (const [index, token] of tokens.entries()) {
    slots.push(...slotsOf(token, offset, prefix && index === tokens.length - 1));
    offset += token.parts.length;
  }
  return slots.length === 0 ? null : { slots, length: offset };
}

const WEIGHTS = { title: 'A', text: 'D', body: 'C' } as const satisfies Record<Field, string>;

/**
 * The text of a tsquery that asks for the phrase, to be bound as a parameter. It combines with `!`, `&` and `|`, being one lexeme
 * or in brackets.
 */
export function phraseQuery(phrase: Phrase, field: WordField): string {
  const weight = field === null ? '' : WEIGHTS[field];
  const oneOf = (any: readonly Sought[]): string => {
    const lexemes = any.map(({ lexeme, prefix }) => {
      const label = (prefix ? '*' : '') + weight;
      return quoted(lexeme) + (label === '' ? '' : `:${label}`);
    });
    return lexemes.length === 1 ? lexemes.join('') : `(${lexemes.join(' | ')})`;
  };
  let [query, at] = ['', 0];
  for (const { offset, any } of phrase.slots) {
    query += (query === '' ? '' : ` <${offset - at}> `) + oneOf(any);
    at = offset;
  }
  return phrase.slots.length === 1 ? query : `(${query})`;
}

/** The positions of whatever lexeme is sought, each with its own list. */
function* listsOf(lexemes: Words['lexemes'], any: readonly Sought[]): Generator<readonly number[]> {
  for (const { lexeme, prefix } of any) {
    if (!prefix) yield lexemes.get(lexeme) ?? [];
    else yield* [...lexemes].filter(([other]) => other.startsWith(lexeme)).map(([, positions]) => positions);
  }
}

function fieldAt(position: number, { textFrom, bodyFrom }: Words): Field {
  if (position < textFrom) return 'title';
  return position < bodyFrom ? 'text' : 'body';
}

function positionsOf(words: Words, any: readonly Sought[], field: WordField): Set<number> {
  const found = new Set<number>();
  for (const positions of listsOf(words.lexemes, any)) {
    for (const position of positions) {
      if (field === null || fieldAt(position, words) === field) found.add(position);
    }
  }
  return found;
}

/** The positions of the phrase's last slot wherever it stands. */
function endsOf(words: Words, { slots }: Phrase, field: WordField): ReadonlySet<number> {
  let ends: Set<number> | null = null;
  let at = 0;
  for (const { offset, any } of slots) {
    const here = positionsOf(words, any, field);
    const distance = offset - at;
    for (const position of here) {
      if (ends !== null && !ends.has(position - distance)) here.delete(position);
    }
    if (here.size === 0) return here;
    [ends, at] = [here, offset];
  }
  return ends ?? new Set();
}

/** Whether the phrase stands among the words: what PostgreSQL says of phraseQuery and tsvectorOf. */
export function hasPhrase(words: Words, phrase: Phrase, field: WordField): boolean {
  return endsOf(words, phrase, field).size > 0;
}

/** The first place where the phrase stands in a field as it was written: UTF-16 offsets, `end` is not part of it. */
export function findPhrase(fieldText: string, phrase: Phrase): { start: number; end: number } | null {
  const tokens = tokensOf(fieldText, POSITION_MAX);
  const list = new WordList();
  list.add(tokens, 0);
  const found = endsOf({ lexemes: list.lexemes, textFrom: 0, bodyFrom: 0 }, phrase, null);
  if (found.size === 0) return null;
  const lastOffset = phrase.slots.at(-1)?.offset ?? 0;
  const first = [...found].reduce((least, position) => Math.min(least, position)) - lastOffset;
  const start = tokens.flatMap(({ starts }) => starts)[first];
  const end = tokens.flatMap(({ ends }) => ends)[first + phrase.length - 1];
  return start === undefined || end === undefined ? null : { start, end };
}
