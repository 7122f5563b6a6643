import type { CompiledAlias } from './gazetteer.ts';
import type { Normalized } from './normalize.ts';

/** One-character names found in one field, where no longer name covers them. */
export interface Signs {
  readonly text: Normalized;
  readonly lang: string | null;
  /** The names a unit can be, by its place; empty where it is covered by a longer name. */
  readonly at: (place: number) => readonly CompiledAlias[];
  /** Whether a longer name holds the place: a word begins and ends there. */
  readonly isNamed: (place: number) => boolean;
}

/** A stretch of one-character names, with or without dots between. */
export interface Run {
  readonly places: readonly number[];
  readonly end: number;
}
