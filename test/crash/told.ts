const EXAMPLES_SHOWN_MAX = 3;

/** A law and what breaks it, in words; nothing where nothing does. */
export const told = (law: string, broken: readonly string[]): string[] =>
  broken.length === 0
    ? []
    : [`${law}: broken ${broken.length} times, as by ${broken.slice(0, EXAMPLES_SHOWN_MAX).join(', ')}`];
