import type { Tagger, Tagging } from '../classify/tagger.ts';
import { itemStream, position } from '../events/ids.ts';
import type { ItemId, Position } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { Log } from '../log.ts';
import { encode } from '../store/append.ts';
import type { Command } from '../store/append.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { head } from '../store/read.ts';
import { forgetRetags, noteRetag, retagAlone, takeUpRetag } from '../store/retags.ts';
import type { RetagPoint } from '../store/retags.ts';
import type { Store } from '../store/store.ts';
import { ahead, inTurns } from './ahead.ts';
import { isSameJson } from './same-json.ts';
import { tagKnown } from './tag-items.ts';
import { readTagged, taggedItems } from './tagged-items.ts';
import type { TaggedItem } from './tagged-items.ts';

/** Times to decide again about an item whose stream moved on meanwhile. */
const CONFLICT_RETRIES_MAX = 3;

export interface RetagDeps {
  readonly store: Store;
  readonly tagger: Tagger;
  /** The version of the dossier the tagger was made of. */
  readonly dossierVersion: string;
  readonly now: () => Date;
  readonly log: Log;
}

/** What became of the items that were looked at. */
export interface RetagCounts {
  /** Tagged by this very dossier and tagger before, and not looked into. */
  current: number;
  /** Tagged alike by what they were tagged with before. */
  unchanged: number;
  /** Tagged anew. */
  changed: number;
  /** Whose words nobody has tagged yet, or changed meanwhile: the workers' to tag. */
  left: number;
  /** Whose words were taken down. */
  gone: number;
  /** That could not be tagged: the tags they had stand. */
  failed: number;
}

export interface RetagProgress {
  /** Items looked at, those of an earlier run that was stopped included. */
  readonly items: number;
  /** Events of the log looked through, and those there are. */
  readonly position: Position;
  readonly total: Position;
}

export interface RetagOptions {
  /** Whether items are tagged anew too whose tags stay as they are, so that they bear these versions. */
  readonly all?: boolean;
  readonly onProgress?: (progress: RetagProgress) => void;
}

export interface Retagged {
  /** Items looked at by this run. */
  readonly items: number;
  readonly counts: RetagCounts;
  /** Where an earlier run with the same versions was stopped and this one went on; null where it began at the beginning. */
  readonly goneOnFrom: RetagPoint | null;
}

const BEGINNING: RetagPoint = { position: position(0), items: 0, changed: 0 };
const NO_COUNTS: RetagCounts = { current: 0, unchanged: 0, changed: 0, left: 0, gone: 0, failed: 0 };

/** Whether both say the same of an item: versions, and what was considered and refused, are nothing that anybody finds it by. */
export function isTaggedAlike(before: ItemTagged['data'], after: Tagging): boolean {
  return (
    before.lang === after.lang &&
    before.relevance === after.relevance &&
    isSameJson(before.event, after.event) &&
    isSameJson(before.tags, after.tags)
  );
}

/** Whether the tags were made by this dossier and tagger. */
export function isCurrent(
  { dossier, tagger }: ItemTagged['data'],
  deps: Pick<RetagDeps, 'tagger' | 'dossierVersion'>,
): boolean {
  return dossier === deps.dossierVersion && tagger === deps.tagger.version;
}

class Retagging {
  readonly counts = { ...NO_COUNTS };
  readonly #deps: RetagDeps;
  readonly #all: boolean;

  constructor(deps: RetagDeps, all: boolean) {
    this.#deps = deps;
    this.#all = all;
  }

  /** Tags `items`, and again those that changed meanwhile. */
  async retag(items: readonly TaggedItem[]): Promise<void> {
    let moved = await this.#retagOnce(items);
    for (let attempt = 1; attempt < CONFLICT_RETRIES_MAX && moved.length > 0; attempt++) {
      const again = await readTagged(this.#deps.store.db, moved);
      this.counts.left += moved.length - again.length;
      moved = await this.#retagOnce(again);
    }
    this.counts.left += moved.length;
  }

  async #retagOnce(items: readonly TaggedItem[]): Promise<ItemId[]> {
    const { store, now } = this.#deps;
    const commands: (Command & { item: ItemId })[] = [];
    for await (const some of inTurns(items)) {
      for (const one of some) {
        const command = this.#commandOf(one);
        if (command !== null) commands.push({ item: one.item, ...command });
      }
    }
    const results = await store.append(commands, now());
    const moved = commands.flatMap(({ item }, n) => (results[n]?.status === 'conflict' ? [item] : []));
    this.counts.changed += commands.length - moved.length;
    return moved;
  }

  /** What is to be appended for an item; null where nothing is, which is counted. */
  #commandOf({ item, known, tagged, words }: TaggedItem): Command | null {
    const { counts } = this;
    if (isCurrent(tagged, this.#deps)) counts.current += 1;
    else if (words === null) counts.gone += 1;
    else {
      try {
        const isWanted = (tagging: Tagging): boolean => this.#all || !isTaggedAlike(tagged, tagging);
        const event = tagKnown(this.#deps, known, words, isWanted);
        if (event !== null) {
          // Decided on this version: tags of old words must not land after those of new ones.
          return encode({ stream: itemStream(item), expected: known.version, events: [event] });
        }
        counts.unchanged += 1;
      } catch (error) {
        counts.failed += 1;
        this.#deps.log.error({ item, err: error }, 'could not tag again, the tags it had stand');
      }
    }
    return null;
  }
}

async function retagAll(
  deps: RetagDeps,
  { all = false, onProgress = () => undefined }: RetagOptions,
): Promise<Retagged> {
  const { store, now } = deps;
  await refuseUnfinished(store.db);
  const aim = { dossier: deps.dossierVersion, tagger: deps.tagger.version, all };
  const goneOnFrom = await takeUpRetag(store.db, aim);
  const start = goneOnFrom ?? BEGINNING;
  const total = await head(store.db);
  const retagging = new Retagging(deps, all);
  const { counts } = retagging;
  let items = start.items;
  onProgress({ items, position: start.position, total });
  const range = { from: start.position, to: total };
  const pieces = taggedItems(store.db, range, (tagged) => !isCurrent(tagged, deps));
  for await (const { tagged, untagged, until } of ahead(pieces)) {
    await retagging.retag(tagged);
    counts.left += untagged;
    items += tagged.length + untagged;
    const point = { position: until, items, changed: start.changed + counts.changed };
    await noteRetag(store.db, aim, point, now());
    onProgress({ items, position: until, total });
  }
  await forgetRetags(store.db);
  return { items: items - start.items, counts, goneOnFrom };
}

/**
 * Tags the words of all items anew that the log has so far, and appends the tags where they come to be others, as retagged, which
 * notifies nobody. It goes on where one with the same versions was stopped, unless that did less or others tagged meanwhile; null
 * where another one runs. Items are streamed, so memory does not grow with the log.
 *
 * Throws UnfinishedImport where the log is the first part of another.
 */
export async function retag(deps: RetagDeps, options: RetagOptions = {}): Promise<Retagged | null> {
  return await retagAlone(deps.store.db, () => retagAll(deps, options));
}
