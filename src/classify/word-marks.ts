/**
 * What a word of an alphabet may be, as bits: on the lowest ones, the languages it is a function word of (see function-words.ts), each
 * at its number there.
 */
export const LANGS = 0xffff;
/** A name of the dossier may begin with it. */
export const NAME = 1 << 16;
/** A cue of English events may begin with it. */
export const EVENT_CUE = 1 << 17;
/** It is made of letters alone. */
export const LETTERS = 1 << 18;

/** The stem of words that no cue of the dossier has. */
export const NO_CUE = -1;
/** What words are that the model of English events does not know. */
export const NO_GRAM = -1;
