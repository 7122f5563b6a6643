import type { EventLine } from './log-line.ts';
import { EXPORT_EVENTS_MAX, EXPORT_HASHES_MAX } from './export.ts';

/** Texts that are remembered because no line held them; of more the first. */
export const MISSING_TEXTS_MAX = 10_000;
/** Hashes that are remembered as met: at least those that export does not write again. */
const MET_HASHES_MAX = EXPORT_HASHES_MAX + EXPORT_EVENTS_MAX;

/** What is looked for in the data of an event, whatever it is. */
interface Members {
  readonly content?: unknown;
  readonly contents?: unknown;
  readonly text?: unknown;
  readonly failure?: unknown;
  readonly evidence?: unknown;
  readonly list?: unknown;
}

const membersOf = (value: unknown): Members =>
  typeof value === 'object' && value !== null ? { ...value } : {};

/** The member of an event's data that names the text which the event brings in, as export has it. */
const NAMED_BY: ReadonlyMap<string, (data: Members) => unknown> = new Map([
  ['ItemIngested', ({ content }: Members) => content],
  ['ItemRevised', ({ content }: Members) => content],
  ['ItemTextFetched', ({ text }: Members) => text],
  ['FeedFailed', ({ failure }: Members) => membersOf(failure).evidence],
  ['FeedListed', ({ list }: Members) => list],
]);

/**
 * Which texts the events of an exported log name without a line that holds them, and where. Most such texts were taken down; only
 * where the last line counts more texts than came does one of them say where a line went. Memory does not grow with the file.
 */
export class MissingTexts {
  /** By hash: the number of the line that names it first. */
  readonly #missing = new Map<string, number>();
  /** Of texts that came, were missed, or were taken down. */
  readonly #met = new Set<string>();

  /** The line of the first event that names a text which never came; null for none. */
  get first(): number | null {
    const [first = null] = this.#missing.values();
    return first;
  }

  /** `hash` came with a line of its own. */
  came(hash: string): void {
    this.#meet(hash);
    this.#missing.delete(hash);
  }

  /** An event was read behind the text that it brings in, at line `number`. */
  named({ type, data }: EventLine, number: number): void {
    if (type === 'ItemTakenDown') {
      this.#takenDown(data);
      return;
    }
    const hash = NAMED_BY.get(type)?.(membersOf(JSON.parse(data)));
    if (typeof hash !== 'string' || this.#met.has(hash)) return;
    this.#meet(hash);
    if (this.#missing.size < MISSING_TEXTS_MAX) this.#missing.set(hash, number);
  }

  #takenDown(data: string): void {
    const { contents } = membersOf(JSON.parse(data));
    if (!Array.isArray(contents)) return;
    for (const hash of contents) {
      if (typeof hash !== 'string') continue;
      this.#meet(hash);
      this.#missing.delete(hash);
    }
  }

  #meet(hash: string): void {
    this.#met.add(hash);
    if (this.#met.size <= MET_HASHES_MAX) return;
    const [oldest] = this.#met;
    if (oldest !== undefined) this.#met.delete(oldest);
  }
}
