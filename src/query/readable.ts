import { facetsOf } from './facet-lexemes.ts';
import type { QueryItem } from './item.ts';
import { wordsOf } from './words.ts';
import type { Words } from './words.ts';

/** An item that demands are tested on: cut into words once, and only when somebody asks for words. */
export class Readable {
  readonly item: QueryItem;
  #words: Words | null = null;
  #facets: ReadonlySet<string> | null = null;

  constructor(item: QueryItem) {
    this.item = item;
  }

  get words(): Words {
    return (this.#words ??= wordsOf(this.item.title, this.item.text));
  }

  get facets(): ReadonlySet<string> {
    return (this.#facets ??= new Set(facetsOf(this.item)));
  }
}
