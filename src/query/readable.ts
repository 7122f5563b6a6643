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
    return (this.#words ??= wordsOf(this.item.title, this.item.text, this.item.body));
  }

  get facets(): ReadonlySet<string> {
    return (this.#facets ??= facetsOf(this.item));
  }
}

/** What has been cut up, for as long as somebody holds the item. */
const readables = new WeakMap<QueryItem, Readable>();

/**
 * The readable of an item, the same for everyone who asks: cutting an item into words costs a hundred times what a query
 * does with them, and many rules ask about one item. Items do not change: a revised one is another value.
 */
export function readableOf(item: QueryItem): Readable {
  const known = readables.get(item);
  if (known !== undefined) return known;
  const readable = new Readable(item);
  readables.set(item, readable);
  return readable;
}
