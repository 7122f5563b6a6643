import { setImmediate } from 'node:timers/promises';

/** Values worked on in one go, of items to tag some four milliseconds. */
const TURN_VALUES_MAX = 25;

/** The same as `source`, of which one more is fetched while the last is worked on. */
export async function* ahead<Value>(source: AsyncGenerator<Value, void>): AsyncGenerator<Value, void> {
  let coming = source.next();
  try {
    for (;;) {
      const result = await coming;
      if (result.done === true) return;
      coming = source.next();
      // Where nobody comes to ask for it, because the work on the last one failed, that is what is told of.
      coming.catch(() => undefined);
      yield result.value;
    }
  } finally {
    await source.return();
  }
}

/**
 * `values` in parts, with a turn for all else between two of them: while words are tagged without a pause nothing is read of what
 * comes in, and what is fetched ahead takes several questions, one after the other.
 */
export async function* inTurns<Value>(values: readonly Value[]): AsyncGenerator<readonly Value[], void> {
  for (let from = 0; from < values.length; from += TURN_VALUES_MAX) {
    yield values.slice(from, from + TURN_VALUES_MAX);
    await setImmediate();
  }
}
