import { tokens } from './xml.ts';

/** Characters of one date that are shown. */
const DATE_CHARS_MAX = 80;
const ITEM = /^(?:item|entry|url)$/;
/** Elements that hold when an item was published; what was changed counts where nothing else is said. */
const DATE = /^(?:pubdate|published|issued|created|date|publication_date)$/;
const CHANGED = /^(?:updated|modified|lastmod)$/;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1).toLowerCase();

/** Gathers what items of a document say about when they appeared. */
class DateReader {
  readonly dates: (string | null)[] = [];
  #published = '';
  #changed = '';
  #field: 'published' | 'changed' | null = null;
  #inItem = false;

  open(name: string): void {
    if (ITEM.test(name)) {
      [this.#inItem, this.#published, this.#changed] = [true, '', ''];
      return;
    }
    if (DATE.test(name) && this.#published === '') this.#field = 'published';
    else this.#field = CHANGED.test(name) && this.#changed === '' ? 'changed' : null;
  }

  text(text: string): void {
    if (!this.#inItem || this.#field === null) return;
    if (this.#field === 'published') this.#published += text;
    else this.#changed += text;
  }

  close(name: string): void {
    this.#field = null;
    if (!ITEM.test(name) || !this.#inItem) return;
    this.#inItem = false;
    const said = (this.#published.trim() || this.#changed.trim()).slice(0, DATE_CHARS_MAX);
    this.dates.push(said === '' ? null : said);
  }
}

/**
 * The dates of the first `max` items of an XML document as they are written, in its order, null for an item that has none: for
 * people who ask how a date was read.
 */
export function writtenDates(text: string, max: number): readonly (string | null)[] {
  const reader = new DateReader();
  for (const token of tokens(text)) {
    if (reader.dates.length >= max) break;
    if (token.kind === 'open') {
      reader.open(localName(token.name));
      if (token.empty) reader.close(localName(token.name));
    } else if (token.kind === 'close') reader.close(localName(token.name));
    else if (token.kind !== 'doctype') reader.text(token.text);
  }
  return reader.dates;
}
