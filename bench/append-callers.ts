/** Callers that each take the next piece of work as soon as they are through with theirs. */
export async function inTurns<Caller, Work>(
  callers: readonly Caller[],
  work: readonly Work[],
  act: (caller: Caller, piece: Work) => Promise<unknown>,
): Promise<void> {
  const pieces = work.values();
  await Promise.all(
    callers.map(async (caller) => {
      // One iterator for all: each piece is taken once.
      for (const piece of pieces) await act(caller, piece);
    }),
  );
}

/** `count` callers that differ in nothing. */
export function callers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, caller) => caller);
}
