/** A repeatable source of randomness. */
export interface Random {
  /** 0 <= x < 1. */
  next(): number;
  /** 0 <= n < below. */
  below(below: number): number;
  pick<T>(values: readonly T[]): T;
  /** A rank below `below`, small ones most often: Zipf's law, near enough. */
  rank(below: number): number;
}

/** Mulberry32 (Tommy Ettinger, public domain): 32 bits of state, ample for picking words. */
export function random(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    pick: <T>(values: readonly T[]): T => {
      const value = values[below(values.length)];
      if (value === undefined) throw new RangeError('nothing to pick from');
      return value;
    },
    rank: (limit) => Math.floor((limit + 1) ** next()) - 1,
  };
}
