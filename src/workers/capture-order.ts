import type { ContentHash, ItemId } from '../events/ids.ts';
import { putCaptured, readCaptured } from '../store/captured.ts';
import type { Captured } from '../store/captured.ts';
import type { Db } from '../store/database.ts';
import type { Judged, Seen } from './judge-items.ts';

/** Items of which an import keeps when their words were captured; those that were met longest ago are forgotten first. */
const CAPTURED_ITEMS_MAX = 200_000;

/** Until when the words of an item are known to have held. */
interface Held {
  /** Of its stream, with the event that brought them. */
  readonly version: number;
  readonly content: ContentHash;
  /** Milliseconds since 1970; null where nothing says when, as in lines of an archive, which then follow each other as they are read. */
  readonly at: number | null;
  /** Whether this very import recorded them. */
  readonly isOurs: boolean;
  /** Whether other words were kept out because their capture was not later. */
  readonly hasRefused: boolean;
}

/**
 * Which captures may revise what the log knows. Captures come in any order, again, and long after what a feed said since; so the words
 * of one are a revision only where it was made after the last moment at which the words that the item has are known to have held: that
 * of the latest capture which had them, be it of an import before this one (sw_work.captured), or else that at which the log learnt
 * them. Of captures of one moment, or of none, the order in which one import reads them decides. Hence an import that is repeated
 * adds nothing.
 *
 * Two imports at once know what the other recorded, and only after its next `flush` what it saw confirmed.
 */
export class CaptureOrder {
  readonly #held = new Map<ItemId, Held>();
  /** Captures that had known words later than the database knows. */
  readonly #raised = new Map<ItemId, Captured>();

  /** Items whose captures are not noted yet. */
  get waiting(): number {
    return this.#raised.size;
  }

  /** Learns of captures what earlier imports noted, before they are judged by `allows` and told to `confirmed`. */
  async meet(db: Db, judged: readonly Judged[]): Promise<void> {
    const known = judged.filter(({ seen, known: { wordsAt } }) => timeOf(seen) !== null && wordsAt !== null);
    const rows = await readCaptured(
      db,
      known.map(({ verdict }) => verdict.item),
    );
    for (const one of known) this.#meet(one, rows.get(one.verdict.item));
  }

  #meet({ verdict: { item }, known: { state, wordsAt, wordsVersion } }: Judged, row?: Captured): void {
    if (state.content === null || wordsAt === null) return;
    const noted = row?.version === wordsVersion ? row.capturedAt.getTime() : null;
    const held = this.#present(item, wordsVersion);
    if (held === null) {
      const at = noted ?? wordsAt.getTime();
      this.#keep(item, { version: wordsVersion, content: state.content, at, ...OF_OTHERS });
    } else if (held.at !== null && noted !== null) {
      this.#keep(item, { ...held, at: Math.max(held.at, noted) });
    }
  }

  /** What is kept of the words that came with `version`; null for nothing, or of others. */
  #present(item: ItemId, version: number): Held | null {
    const held = this.#held.get(item);
    return held?.version === version ? held : null;
  }

  #keep(item: ItemId, held: Held): void {
    const [oldest] = this.#held.keys();
    if (this.#held.size >= CAPTURED_ITEMS_MAX && oldest !== undefined) this.#held.delete(oldest);
    this.#held.delete(item);
    this.#held.set(item, held);
  }

  /** Whether other words of a sighting are later than those that its item has. */
  allows({ seen, known, verdict }: Judged): boolean {
    const held = this.#present(verdict.item, known.wordsVersion);
    if (held === null) return false;
    const at = timeOf(seen);
    if (at === null || held.at === null) return held.isOurs;
    const isLater = at > held.at || (held.isOurs && at === held.at);
    if (!isLater) this.#held.set(verdict.item, { ...held, hasRefused: true });
    return isLater;
  }

  /** Whether `content` may be words that were kept out for their age, and that a later capture could bring in. */
  mayHaveRefused(item: ItemId, content: ContentHash): boolean {
    const held = this.#held.get(item);
    return held !== undefined && held.hasRefused && held.content !== content;
  }

  /** An item got the words of a sighting, with the event that brought its stream to `version`. */
  recorded(item: ItemId, seen: Seen, content: ContentHash, version: number): void {
    this.#keep(item, { version, content, at: timeOf(seen), isOurs: true, hasRefused: false });
  }

  /** An item was seen with `content`: where these are the words it has, they held until then. */
  confirmed(item: ItemId, seen: Seen, content: ContentHash): void {
    const held = this.#held.get(item);
    if (held?.content !== content) return;
    const at = timeOf(seen);
    if (at === null || held.at === null) {
      if (held.isOurs) this.#keep(item, { ...held, at });
      return;
    }
    const isLater = at > held.at;
    this.#keep(item, { ...held, at: Math.max(at, held.at) });
    if (isLater) this.#raised.set(item, { item, version: held.version, capturedAt: new Date(at) });
  }

  /** Notes what was confirmed: before it is noted that these captures were read. */
  async flush(db: Db): Promise<void> {
    const raised = [...this.#raised.values()];
    await putCaptured(db, raised);
    this.#raised.clear();
  }
}

const OF_OTHERS = { isOurs: false, hasRefused: false };

const timeOf = ({ capturedAt }: Seen): number | null => capturedAt?.getTime() ?? null;
