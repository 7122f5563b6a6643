import { FieldWords } from './field-words.ts';
import type { Lexicon } from './lexicon.ts';
import { Folding, type Normalized } from './normalize.ts';

/** A field that is read: its text, and the words of alphabets in it. */
export interface FieldText {
  readonly text: Normalized;
  readonly words: FieldWords;
}

/** A place for fields, one after the other: reading the next one overwrites the last. */
export class FieldRoom implements FieldText {
  readonly text = new Folding();
  readonly words = new FieldWords();

  read(original: string, lexicon: Lexicon): this {
    lexicon.read(this.text.read(original), this.words);
    return this;
  }
}
