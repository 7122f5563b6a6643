/**
 * All patterns of a dossier in one tree over UTF-16 units, in flat arrays: a dense table for the first unit, one
 * open-addressed hash table for every further step.
 *
 * A text is read from each place where a pattern may begin (isStart), and each reading ends after the longest
 * pattern at the latest, so time is linear in the text. Aho and Corasick's failure links would save little: names
 * begin at word starts in alphabets, and in Han and Hangul most readings end at the first or second unit.
 */
export interface Trie {
  /** Calls `found` for every pattern that begins at `at`, shortest first. */
  readonly readFrom: (
    units: Uint16Array,
    length: number,
    at: number,
    found: (pattern: number, end: number) => void,
  ) => void;
  readonly nodes: number;
}

const NONE = -1;
const HASH_FACTOR = 0x9e3779b1;
/** At most half of the slots are taken, which keeps probes short. */
const SLOTS_PER_EDGE = 2;

interface Edge {
  readonly node: number;
  readonly unit: number;
  readonly next: number;
}

function slotOf(node: number, unit: number, mask: number): number {
  return (Math.imul(node, HASH_FACTOR) ^ Math.imul(unit, 0x85ebca6b)) & mask;
}

function grow(patterns: readonly string[]): { edges: Edge[]; ends: Int32Array } {
  const children = [new Map<number, number>()];
  const ends = new Map<number, number>();
  patterns.forEach((pattern, index) => {
    let node = 0;
    for (let i = 0; i < pattern.length; i++) {
      const unit = pattern.charCodeAt(i);
      const known = children[node]?.get(unit);
      if (known === undefined) {
        children[node]?.set(unit, children.length);
        node = children.length;
        children.push(new Map());
      } else node = known;
    }
    ends.set(node, index);
  });
  const edges = children.flatMap((units, node) => [...units].map(([unit, next]) => ({ node, unit, next })));
  return { edges, ends: Int32Array.from(children, (_, node) => ends.get(node) ?? NONE) };
}

/** Builds the tree; `patterns` must be distinct, already folded, and not empty. Pattern n is reported as n. */
export function buildTrie(patterns: readonly string[]): Trie {
  const { edges, ends } = grow(patterns);
  const first = new Int32Array(0x10000).fill(NONE);
  const slots = 2 ** Math.ceil(Math.log2(Math.max(2, edges.length * SLOTS_PER_EDGE)));
  const mask = slots - 1;
  const nodeOf = new Int32Array(slots).fill(NONE);
  const unitOf = new Uint16Array(slots);
  const nextOf = new Int32Array(slots);
  for (const { node, unit, next } of edges) {
    if (node === 0) first[unit] = next;
    let slot = slotOf(node, unit, mask);
    while (nodeOf[slot] !== NONE) slot = (slot + 1) & mask;
    nodeOf[slot] = node;
    unitOf[slot] = unit;
    nextOf[slot] = next;
  }
  const step = (node: number, unit: number): number => {
    for (let slot = slotOf(node, unit, mask); nodeOf[slot] !== NONE; slot = (slot + 1) & mask) {
      if (nodeOf[slot] === node && unitOf[slot] === unit) return nextOf[slot] ?? NONE;
    }
    return NONE;
  };
  return {
    nodes: ends.length,
    readFrom: (units, length, at, found) => {
      let node = first[units[at] ?? 0] ?? NONE;
      for (let end = at + 1; node !== NONE; end++) {
        const pattern = ends[node] ?? NONE;
        if (pattern !== NONE) found(pattern, end);
        if (end >= length) return;
        node = step(node, units[end] ?? 0);
      }
    },
  };
}
