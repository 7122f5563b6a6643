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
