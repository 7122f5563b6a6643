import type { CompiledAlias, Gazetteer } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';
import { isWordUnit } from './script.ts';

/** A place in a field where a text of the dossier was found, before any rule had a say. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly aliases: readonly CompiledAlias[];
}

interface WordHit {
  readonly word: number;
  readonly start: number;
  readonly end: number;
}

/** Everything of the dossier found in one field. */
export interface Scan {
  readonly text: Normalized;
  readonly hits: readonly Hit[];
  readonly words: readonly WordHit[];
  /** For a subject with rivals here, the units inside their names; null when it has none. */
  readonly rivalUnits: (subject: number) => Uint8Array | null;
}

/** Reads a field once. */
export function scan(text: Normalized, gazetteer: Gazetteer): Scan {
  const hits: Hit[] = [];
  const words: WordHit[] = [];
  const rivals = new Map<number, Uint8Array>();
  const block = (subject: number, start: number, end: number): void => {
    const units = rivals.get(subject) ?? new Uint8Array(text.length);
    units.fill(1, start, end);
    rivals.set(subject, units);
  };
  let isInWord = false;
  for (let start = 0; start < text.length; start++) {
    // Inside a word of an alphabet no name and no cue begins.
    const wasInWord = isInWord;
    isInWord = isWordUnit(text.units[start]);
    if (isInWord && wasInWord) continue;
    gazetteer.trie.readFrom(text.units, text.length, start, (pattern, end) => {
      const meaning = gazetteer.meanings[pattern];
      if (meaning === undefined) return;
      if (meaning.aliases.length > 0) hits.push({ start, end, aliases: meaning.aliases });
      for (const word of meaning.words) words.push({ word, start, end });
      if (meaning.rivals.length > 0 && !isWordUnit(text.units[end - 1])) {
        for (const subject of meaning.rivals) block(subject, start, end);
      } else if (meaning.rivals.length > 0 && !isWordUnit(text.units[end])) {
        for (const subject of meaning.rivals) block(subject, start, end);
      }
    });
  }
  gazetteer.words.find(text, (word, start, end) => words.push({ word, start, end }));
  return { text, hits, words, rivalUnits: (subject) => rivals.get(subject) ?? null };
}
