import { copyKeyOf } from '../classify/copy-key.ts';
import type { Tagger, TaggerInput, Tagging } from '../classify/tagger.ts';
import { eventIdOf, itemStream } from '../events/ids.ts';
import type { ContentHash, ItemId } from '../events/ids.ts';
import type { ItemState, ItemTagged, TagCause } from '../events/item.ts';
import type { Log } from '../log.ts';
import { encode } from '../store/append.ts';
import type { Command } from '../store/append.ts';
import { getItemContents } from '../store/content.ts';
import type { ItemContent } from '../store/content.ts';
import type { Store } from '../store/store.ts';
import { noteUntaggable } from '../store/undone.ts';
import { readItems } from './items.ts';
import type { KnownItem } from './items.ts';

/** Times to decide again about an item whose stream moved on meanwhile. */
const CONFLICT_RETRIES_MAX = 3;
/** The words of an item that was taken down. */
const GONE: ItemContent = { title: '', summary: '' };

export interface TagDeps {
  readonly store: Store;
  readonly tagger: Tagger;
  /** The version of the dossier the tagger was made of. */
  readonly dossierVersion: string;
  readonly now: () => Date;
  readonly log: Log;
}

function causeOf({ tagged, content, text, revision }: ItemState): TagCause {
  if (tagged !== null && tagged.content === content) return tagged.text === text ? 'retagged' : 'fetched';
  return revision > 0 ? 'revised' : 'ingested';
}

/** The words it has now, with its full text where that is known. */
export const wordsOf = ({ text, content }: ItemState): ContentHash | null => text ?? content;

/**
 * The day the item is read as written on: who "the president" is depends on it. The source's claim; where it makes
 * none, the day a feed brought it, which says nothing about an archive.
 */
function dateOf({ state, recordedAt }: KnownItem): string | undefined {
  if (state.published !== null) return state.published;
  return state.backfill === 'archive' ? undefined : recordedAt?.toISOString();
}

/** What the tagger is asked about an item with these words. */
export function inputOf(known: KnownItem, { title, summary, text }: ItemContent): TaggerInput {
  const { lang } = known.state;
  const date = dateOf(known);
  return {
    title,
    text: summary,
    ...(text !== undefined && { body: text }),
    ...(lang !== null && { lang }),
    ...(date !== undefined && { date }),
  };
}

/** Whether the words an item has now are tagged by this very gazetteer and tagger. */
function isTaggedBy(
  { tagger, dossierVersion }: Pick<TagDeps, 'tagger' | 'dossierVersion'>,
  { tagged, content, text }: ItemState,
): boolean {
  return (
    tagged !== null &&
    tagged.content === content &&
    tagged.text === text &&
    tagged.dossier === dossierVersion &&
    tagged.tagger === tagger.version
  );
}

/**
 * The event of tagging the words an item has now; null when they are tagged by this very gazetteer and tagger, or when nobody
 * wants to say so: a key for copies and an id cost a sixth of the tagging, and are made for what `isWanted` only.
 */
export function tagKnown(
  deps: Pick<TagDeps, 'tagger' | 'dossierVersion' | 'now'>,
  known: KnownItem,
  words: ItemContent,
  isWanted: (tagging: Tagging) => boolean = () => true,
): ItemTagged | null {
  const { tagger, dossierVersion } = deps;
  const { state, version } = known;
  const { item, content, text, backfill } = state;
  if (item === null || content === null || isTaggedBy(deps, state)) return null;
  const tagging = tagger.tag(inputOf(known, words));
  if (!isWanted(tagging)) return null;
  const made = { content, text, dossier: dossierVersion, tagger: tagger.version };
  const copyKey = copyKeyOf(words.title);
  // The stream's version is part of the cause: words (or gazetteers) that change and change back are tagged anew.
  const id = eventIdOf('ItemTagged', item, version, text ?? content, made.dossier, made.tagger);
  const data = { item, cause: causeOf(state), backfill, copyKey, ...tagging, model: tagger.model, ...made };
  return { type: 'ItemTagged', id, decidedAt: deps.now(), data };
}

/** Names an item that cannot be tagged: loudly once, since the reconciler will bring it back again and again. */
async function complain(deps: TagDeps, item: ItemId, content: ContentHash, error: unknown): Promise<void> {
  const { store, log, now } = deps;
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const news = await noteUntaggable(store.db, item, content, reason, now());
  log[news ? 'error' : 'debug']({ item, err: error }, 'could not tag, tried again ever more rarely');
}

async function tagOnce(deps: TagDeps, items: readonly ItemId[]): Promise<ItemId[]> {
  const { store, now } = deps;
  const known = await readItems(store.db, items);
  const hashes = [...known.values()].flatMap(({ state }) => wordsOf(state) ?? []);
  const contents = await getItemContents(store.db, hashes);
  const commands: (Command & { item: ItemId })[] = [];
  for (const [item, found] of known) {
    const words = wordsOf(found.state);
    if (words === null) continue;
    try {
      const event = tagKnown(deps, found, contents.get(words) ?? GONE);
      // Decided on this version: tags of old words must not land after those of new ones.
      if (event !== null) {
        // Encoded here: what the log cannot hold must not take the append of its neighbours with it.
        const command = encode({ stream: itemStream(item), expected: found.version, events: [event] });
        commands.push({ item, ...command });
      }
    } catch (error) {
      await complain(deps, item, words, error);
    }
  }
  const results = await store.append(commands, now());
  return commands.flatMap(({ item }, index) => (results[index]?.status === 'conflict' ? [item] : []));
}

/**
 * Tags the words that `items` have now and appends the tags. An item that has no words any more (taken down) gets
 * none. One that cannot be tagged is named in the log, once, and costs the others nothing; the reconciler brings it back, as it
 * does one that keeps changing under our hands.
 */
export async function tagItems(deps: TagDeps, items: readonly ItemId[]): Promise<void> {
  let left: readonly ItemId[] = items;
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX && left.length > 0; attempt++) {
    left = await tagOnce(deps, left);
  }
  if (left.length > 0) deps.log.warn({ items: left }, 'changed while being tagged, left to the reconciler');
}
