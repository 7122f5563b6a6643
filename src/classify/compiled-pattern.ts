import type { Pattern } from '../dossier/dossier.ts';

/** What a requirement asks for: a subject or a word of the item, by its number in the gazetteer. */
export type Sign = { readonly subject: number } | { readonly word: number };

/** A pattern of a topic, its signs by number. */
export interface CompiledPattern {
  readonly pattern: Pattern;
  readonly allOf: readonly (readonly Sign[])[];
  readonly noneOf: readonly Sign[];
}
