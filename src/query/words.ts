/** Where the words of an item stand: lexemes with their positions, title first. */
export interface Words {
  /** Ascending positions of each lexeme, from 1. */
  readonly lexemes: ReadonlyMap<string, readonly number[]>;
  /** Positions from here on are the text's. */
  readonly textFrom: number;
}
