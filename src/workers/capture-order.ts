import type { ItemId } from '../events/ids.ts';
import type { Judged, Seen } from './judge-items.ts';

/** Items of which an import keeps when their words were captured; those that were met longest ago are forgotten first. */
const CAPTURED_ITEMS_MAX = 200_000;

/**
 * Which captures may revise what the log knows. Captures come in any order, again, and long after what a feed said since; so the words
 * of one are a revision only where it was made after the log learnt the words it has, or where this very import recorded those from a
 * capture that is not later. Hence an import that is repeated adds nothing. What is forgotten is left as it is.
 */
export class CaptureOrder {
  /** Milliseconds since 1970; null where nothing says when, as in lines of an archive, which then follow each other as they are read. */
  readonly #at = new Map<ItemId, number | null>();

  /** Whether other words of a sighting are later than those that its item has. */
  allows({ seen, known, verdict }: Judged): boolean {
    const at = timeOf(seen);
    if (at !== null && known.wordsAt !== null && at > known.wordsAt.getTime()) return true;
    const before = this.#at.get(verdict.item);
    return before !== undefined && (at === null || before === null || at >= before);
  }

  /** The words that an item has were recorded from a sighting. */
  recorded(item: ItemId, seen: Seen): void {
    const [oldest] = this.#at.keys();
    if (this.#at.size >= CAPTURED_ITEMS_MAX && oldest !== undefined) this.#at.delete(oldest);
    this.#at.delete(item);
    this.#at.set(item, timeOf(seen));
  }

  /** An item was seen with the words it has: those that this import recorded held until then. */
  confirmed(item: ItemId, seen: Seen): void {
    const before = this.#at.get(item);
    if (before === undefined) return;
    const at = timeOf(seen);
    this.#at.delete(item);
    this.#at.set(item, at === null || before === null ? at : Math.max(at, before));
  }
}

const timeOf = ({ capturedAt }: Seen): number | null => capturedAt?.getTime() ?? null;
