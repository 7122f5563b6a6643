/** Where items are published that have no page here. */
export const ELSEWHERE = 'https://wire.example';
/** Items a feed shows at most, newest first. */
const WINDOW_ITEMS_MAX = 400;

/** An item of the world outside, and what the product should make of it. */
export interface WorldItem {
  readonly title: string;
  /** Where it was published. */
  readonly url: string;
  readonly summary: string;
  /** Whether the rule of the dossier asks for it. */
  readonly wanted: boolean;
  /** Whether it was there before anybody looked. */
  readonly old: boolean;
  /** Whether its feed asks for the full text of its page. */
  readonly paged: boolean;
  /** Whether it has moved to another address since, under the same guid. */
  readonly moved: boolean;
}

/** What is told of a desk: how its items are to be had. */
export interface Manner {
  /** Items have guids, and move to another address when the next ones come. */
  readonly moves: boolean;
  /** Items have pages here, of which the full text is asked for. */
  readonly paged: boolean;
}

/** Where an item is that was published at `url` and has moved. */
export function movedUrl(url: string): string {
  return `${url}/moved`;
}

/** Where an item was published that is at `url` now. */
export function publishedUrl(url: string): string {
  return url.replace(/\/moved$/, '');
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function entry({ title, url, summary, moved }: WorldItem, hasGuid: boolean): string {
  const guid = hasGuid ? `<guid isPermaLink="false">${url}</guid>` : '';
  const link = moved ? movedUrl(url) : url;
  return `<item><title>${escaped(title)}</title><link>${link}</link>${guid}<description>${escaped(summary)}</description></item>`;
}

/** A document that shows `items`, which are in the order of their publication. */
export function feedOf(items: readonly WorldItem[], hasGuids = false): string {
  const entries = items
    .slice(-WINDOW_ITEMS_MAX)
    .reverse()
    .map((item) => entry(item, hasGuids));
  return `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><link>https://wire.example/</link><description>d</description>${entries.join('')}</channel></rss>`;
}

/** The page of an item: enough text to be an article, and none that a rule asks for. */
export function pageOf({ title }: WorldItem): string {
  const paragraph = `<p>${'The talks went on behind closed doors until late, and neither side said more than that they would meet again before the summer is over. '.repeat(4)}</p>`;
  return `<!doctype html><html lang="en"><head><title>${escaped(title)}</title></head><body><article><h1>${escaped(title)}</h1>${paragraph.repeat(3)}</article></body></html>`;
}

/** A desk of a newsroom, which publishes items one after the other. */
export class Newsdesk {
  readonly items: WorldItem[] = [];
  readonly #name: string;
  readonly #origin: string;
  readonly #manner: Manner;

  /** `origin` is where its items are published. */
  constructor(name: string, origin: string, manner: Manner) {
    this.#name = name;
    this.#origin = origin;
    this.#manner = manner;
  }

  /** Gives what was added. */
  publish(count: number, old: boolean): readonly WorldItem[] {
    if (this.#manner.moves) {
      for (const [index, item] of this.items.entries())
        if (!item.old) this.items[index] = { ...item, moved: true };
    }
    const added = Array.from({ length: count }, (_, index) => this.#item(this.items.length + index, old));
    this.items.push(...added);
    return added;
  }

  get document(): string {
    return feedOf(this.items, this.#manner.moves);
  }

  #item(index: number, old: boolean): WorldItem {
    const wanted = index % 2 === 0;
    const title = wanted
      ? `The two leaders meet again in Nara, report ${index} of desk ${this.#name}`
      : `Harbour prices hold steady this week, note ${index} of desk ${this.#name}`;
    const url = `${this.#origin}/${this.#name}/${index}`;
    return { title, url, summary: '', wanted, old, paged: this.#manner.paged, moved: false };
  }
}
