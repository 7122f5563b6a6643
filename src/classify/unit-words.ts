const FREE = -1;
/** Slots a word, which keeps probes short. */
const SLOTS_PER_WORD = 4;

/** The hash of a word with one more unit (FNV-1a by units); it begins with 0. */
export function hashed(hash: number, unit: number): number {
  return Math.imul(hash ^ unit, 0x01000193);
}

/** High bits mixed in: FNV's low ones alone depend on the last units too much. */
export function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}

/** The hash of the units at [start, end). */
export function hashOf(units: Uint16Array, start: number, end: number): number {
  let hash = 0;
  for (let at = start; at < end; at++) hash = hashed(hash, units[at] ?? 0);
  return hash;
}

/** Words with a number above 0 each, found by their UTF-16 units: making a string of every word of a text to look it up costs more. */
export class UnitWords {
  readonly #slots: Int32Array;
  readonly #mask: number;
  /** Where the units of each word begin; those of the next one are their end. */
  readonly #starts: Uint32Array;
  readonly #units: Uint16Array;
  readonly #numbers: Int32Array;
  /** For each length 1 where a word has it: most words of a text are told by theirs to be none of these. */
  readonly #lengths: Uint8Array;

  /** Distinct words, as they stand in the texts that are asked about. */
  constructor(words: ReadonlyMap<string, number>) {
    const length = 2 ** Math.ceil(Math.log2(SLOTS_PER_WORD * Math.max(1, words.size)));
    this.#slots = new Int32Array(length).fill(FREE);
    this.#mask = length - 1;
    this.#starts = new Uint32Array(words.size + 1);
    this.#numbers = Int32Array.from(words.values());
    const all = [...words.keys()].join('');
    this.#lengths = new Uint8Array(
      [...words.keys()].reduce((most, { length }) => Math.max(most, length), 0) + 1,
    );
    for (const { length } of words.keys()) this.#lengths[length] = 1;
    this.#units = Uint16Array.from({ length: all.length }, (_, at) => all.charCodeAt(at));
    let at = 0;
    [...words.keys()].forEach((word, index) => {
      this.#starts[index] = at;
      at += word.length;
      this.#starts[index + 1] = at;
      this.#place(index);
    });
  }

  /** The number of the word at [start, end), 0 where it is none of these; `known` is the hash of its units. */
  numberOf(units: Uint16Array, start: number, end: number, known?: number): number {
    if (this.#lengths[end - start] !== 1) return 0;
    const hash = known ?? hashOf(units, start, end);
    for (let slot = spread(hash) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const index = this.#slots[slot] ?? FREE;
      if (index === FREE) return 0;
      if (this.#isWord(index, units, start, end)) return this.#numbers[index] ?? 0;
    }
  }

  #place(index: number): void {
    const hash = hashOf(this.#units, this.#starts[index] ?? 0, this.#starts[index + 1] ?? 0);
    let slot = spread(hash) & this.#mask;
    while (this.#slots[slot] !== FREE) slot = (slot + 1) & this.#mask;
    this.#slots[slot] = index;
  }

  #isWord(index: number, units: Uint16Array, start: number, end: number): boolean {
    const at = this.#starts[index] ?? 0;
    if ((this.#starts[index + 1] ?? 0) - at !== end - start) return false;
    for (let n = 0; n < end - start; n++) if (this.#units[at + n] !== units[start + n]) return false;
    return true;
  }
}
