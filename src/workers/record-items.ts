import { itemStream } from '../events/ids.ts';
import type { ContentHash, ItemId, KeyId } from '../events/ids.ts';
import type { NewsEvent } from '../events/event.ts';
import type { ItemEvent } from '../events/item.ts';
import { aliased } from '../ingest/alias.ts';
import { decideItem } from '../ingest/decide.ts';
import { itemText } from '../query/item-text.ts';
import { appendIn } from '../store/append.ts';
import type { AppendResult, Command } from '../store/append.ts';
import { putCaptured } from '../store/captured.ts';
import type { Captured } from '../store/captured.ts';
import { putContent, takeBackContent } from '../store/content.ts';
import type { Content } from '../store/content.ts';
import { claimKeys, giveBackKeys } from '../store/item-keys.ts';
import type { KeyClaim } from '../store/item-keys.ts';
import type { Tx } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { CaptureOrder } from './capture-order.ts';
import { withoutCrowdedKeys } from './crowded-keys.ts';
import { judgeItems, keysOf } from './judge-items.ts';
import type { Judged, Seen } from './judge-items.ts';

/** Items decided on together: one read, one append. */
export const RECORD_ITEMS_MAX = 500;
/** Times to decide again about an item whose stream or keys moved on meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

/** What became of items that were seen. */
export interface RecordCounts {
  ingested: number;
  revised: number;
  /** Known already, with the same words or later ones. */
  unchanged: number;
}

/** What became of items of which only new ones were to be recorded. */
export interface NewCounts {
  readonly ingested: number;
  /** Known already, with other words. */
  readonly changed: number;
}

interface Decided {
  readonly seen: Seen;
  readonly item: ItemId;
  readonly claims: readonly KeyClaim[];
  readonly command: Command;
  readonly hash: ContentHash;
  /** Null where no event names the words. */
  readonly content: Content | null;
  /** Whether it has other words that are not to be recorded. */
  readonly isHeld: boolean;
}

/** Whether other words of a known item are to be recorded. */
type Revises = (judged: Judged) => boolean;

/** What a sighting adds to the log, by name: words that are new, others, or none. */
export function eventsOf({ seen, content, verdict, known, words, news }: Judged, now: Date): ItemEvent[] {
  const { state } = known;
  const context = { ...seen, itemId: verdict.item, content, words };
  const decided = [...decideItem(state, seen.item, context, now)];
  if (state.item === null || (!news.link && !news.guid)) return decided;
  return [aliased({ ...state, item: state.item }, seen, seen.feed, news, now), ...decided];
}

const namesWords = ({ type }: Pick<NewsEvent, 'type'>): boolean =>
  type === 'ItemIngested' || type === 'ItemRevised';

function decide(judged: Judged, now: Date, revises: Revises): Decided | null {
  const { seen, content: hash, verdict, known, claims } = judged;
  const all = eventsOf(judged, now);
  const isRevision = all.some(({ type }) => type === 'ItemRevised');
  const events = !isRevision || revises(judged) ? all : all.filter(({ type }) => type !== 'ItemRevised');
  const isHeld = events.length < all.length;
  if (all.length === 0 && claims.length === 0) return null;
  const { title, summary } = seen.item;
  const content = events.some(namesWords) ? itemText({ title, summary }) : null;
  return {
    seen,
    item: verdict.item,
    claims,
    hash,
    content,
    isHeld,
    command: { stream: itemStream(verdict.item), expected: known.version, events },
  };
}

const isIngested = ({ command }: Decided): boolean => command.events[0]?.type === 'ItemIngested';
/** Whether its words are of a capture that says when it was made. */
const isTimed = ({ content, seen }: Decided): boolean =>
  content !== null && (seen.capturedAt ?? null) !== null;
/** Whether its event is appended in one transaction with all that belongs to it. */
const isTogether = (one: Decided): boolean => {
  const { command, content, claims } = one;
  if (command.events.length === 0) return false;
  return isIngested(one) ? isTimed(one) : content !== null || claims.length > 0;
};
/** The version that its stream has with the event that brings its words. */
const wordsVersionOf = ({ command: { expected, events } }: Decided): number =>
  (expected ?? 0) + events.findIndex(namesWords) + 1;

function capturedOf(decided: Decided): Captured[] {
  const { seen, item } = decided;
  const capturedAt = isTimed(decided) ? (seen.capturedAt ?? null) : null;
  return capturedAt === null ? [] : [{ item, version: wordsVersionOf(decided), capturedAt }];
}

const contentsOf = (decided: readonly Decided[]): Map<ContentHash, Content> =>
  new Map(decided.flatMap(({ hash, content }) => (content === null ? [] : [[hash, content] as const])));
const commandsOf = (decided: readonly Decided[]): Command[] => decided.map(({ command }) => command);

/**
 * Claims keys, and keeps the words of what is ingested: both before the event that names them. A crash in between leaves keys that
 * lead to an item nobody has heard of, which the next sighting then becomes, and words without an event, which hurt nobody. Gives
 * those whose keys somebody else has claimed meanwhile.
 */
async function claim(store: Store, decided: readonly Decided[]): Promise<ReadonlySet<Decided>> {
  const ingested = decided.filter((one) => isIngested(one) && !isTogether(one));
  // The others are claimed with their event: see appendTogether.
  const claiming = decided.filter((one) => one.claims.length > 0 && !isTogether(one));
  if (claiming.length === 0) {
    await putContent(store.db, contentsOf(ingested));
    return new Set();
  }
  return await store.db.transaction().execute(async (tx) => {
    const refused = await claimKeys(
      tx,
      claiming.map(({ claims }) => claims),
    );
    const lost = new Set(claiming.filter((_, index) => refused.has(index)));
    await putContent(tx, contentsOf(ingested.filter((one) => !lost.has(one))));
    return lost;
  });
}

/** What is claimed together with events; gives those whose keys somebody else has claimed meanwhile. */
async function claimTogether(tx: Tx, decided: readonly Decided[]): Promise<ReadonlySet<Decided>> {
  const refused = await claimKeys(
    tx,
    decided.map(({ claims }) => claims),
  );
  return new Set(decided.filter((_, index) => refused.has(index)));
}

/**
 * Keys, words and events together: of known items, and of captures with the time at which they were made, so that no words are in the
 * log of which an import that was killed does not know how old they are. No words whose event is refused: it may be a takedown that came first. That knows
 * nothing of them, and they would stay for good, named by no event. No keys without their event either: whoever makes the table of keys
 * anew (projections/item-keys.ts) waits for this to end, and then finds in the log what carries them; a claim made before would be
 * deleted as one that no event carries, and its event come too late to be read. Gives the answers, null for what lost its keys.
 */
async function appendTogether(
  store: Store,
  decided: readonly Decided[],
  now: Date,
): Promise<readonly (AppendResult | null)[]> {
  if (decided.length === 0) return [];
  const answers = await store.db.transaction().execute(async (tx) => {
    const lost = await claimTogether(tx, decided);
    const taken = decided.filter((one) => !lost.has(one));
    await putContent(tx, contentsOf(taken));
    const appended = await appendIn(tx, commandsOf(taken), now);
    const refused = taken.filter((_, index) => appended[index]?.status === 'conflict');
    // Behind the append, which says what came of it: one statement for which the log waits.
    await putCaptured(
      tx,
      taken.filter((_, index) => appended[index]?.status === 'appended').flatMap(capturedOf),
    );
    const named = new Set(taken.filter((one) => !refused.includes(one)).map(({ hash }) => hash));
    await takeBackContent(
      tx,
      refused.map(({ hash }) => hash).filter((hash) => !named.has(hash)),
    );
    await giveBackKeys(
      tx,
      refused.flatMap(({ claims }) => claims),
    );
    return new Map(taken.map((one, index) => [one, appended[index] ?? null]));
  });
  if ([...answers.values()].some((answer) => answer?.status === 'appended')) store.wakeup.appended();
  return decided.map((one) => answers.get(one) ?? null);
}

/** The first sighting under each key, and the others: those are judged when the log knows the first. */
function firstSightings(batch: readonly Seen[]): { first: Seen[]; later: Seen[] } {
  const taken = new Set<KeyId | ItemId>();
  const first: Seen[] = [];
  const later: Seen[] = [];
  for (const seen of batch) {
    const names = [seen.itemId, ...keysOf(seen)];
    (names.some((name) => taken.has(name)) ? later : first).push(seen);
    for (const name of names) taken.add(name);
  }
  return { first, later };
}

/** What is decided of each item first, and the sightings of it that have to wait until the log knows that. */
function firstOfItems(decided: readonly Decided[]): { first: Decided[]; later: Seen[] } {
  const streams = new Set<string>();
  const first: Decided[] = [];
  const later: Seen[] = [];
  for (const one of decided) {
    if (streams.has(one.command.stream)) later.push(one.seen);
    else first.push(one);
    streams.add(one.command.stream);
  }
  return { first, later };
}

/** A round's worth of counting; `changed` are those with other words that were not to be recorded. */
interface Tally extends RecordCounts {
  changed: number;
}

interface Round {
  /** Sightings whose item or keys moved on meanwhile. */
  readonly lost: readonly Seen[];
  readonly later: readonly Seen[];
}

/** How a batch is recorded. */
interface RecordHow {
  readonly revises: Revises;
  /** Of captures: what is told of their times. */
  readonly order?: CaptureOrder;
}

/** One round over `batch`, no key twice; gives the sightings that must be decided again. */
async function recordOnce(
  store: Store,
  batch: readonly Seen[],
  now: Date,
  counts: Tally,
  { revises, order }: RecordHow,
): Promise<Round> {
  const judged = await judgeItems(store.db, batch);
  await order?.meet(store.db, judged);
  for (const { seen, content, known, verdict } of judged) {
    if (known.state.content === content) order?.confirmed(verdict.item, seen, content);
  }
  const { first, later } = firstOfItems(judged.flatMap((one) => decide(one, now, revises) ?? []));
  const refused = await claim(store, first);
  const lost = [...refused].map(({ seen }) => seen);
  const count = (decided: readonly Decided[], results: readonly (AppendResult | null)[]): void => {
    decided.forEach((one, index) => {
      const { seen, item, hash, command, isHeld, content } = one;
      const status = results[index]?.status ?? 'conflict';
      if (status === 'conflict') lost.push(seen);
      if (status !== 'appended') return;
      if (isHeld) counts.changed += 1;
      for (const { type } of command.events) {
        if (type === 'ItemIngested') counts.ingested += 1;
        else if (type === 'ItemRevised') counts.revised += 1;
      }
      if (content !== null) order?.recorded(item, seen, hash, wordsVersionOf(one));
    });
  };
  const taken = first.filter((one) => !refused.has(one));
  const eventful = taken.filter(({ command }) => command.events.length > 0);
  counts.changed += taken.filter(({ command, isHeld }) => isHeld && command.events.length === 0).length;
  const others = eventful.filter((one) => !isTogether(one));
  const together = eventful.filter(isTogether);
  count(others, await store.append(commandsOf(others), now));
  count(together, await appendTogether(store, together, now));
  return { lost, later };
}

async function recordAll(
  store: Store,
  items: readonly Seen[],
  now: () => Date,
  how: RecordHow,
): Promise<Tally> {
  const counts: Tally = { ingested: 0, revised: 0, unchanged: 0, changed: 0 };
  const kept = withoutCrowdedKeys(items);
  for (let start = 0; start < items.length; start += RECORD_ITEMS_MAX) {
    let left: readonly Seen[] = kept.slice(start, start + RECORD_ITEMS_MAX);
    let conflicts = 0;
    while (left.length > 0) {
      const { first, later } = firstSightings(left);
      const round = await recordOnce(store, first, now(), counts, how);
      const [lost] = round.lost;
      if (lost !== undefined) conflicts += 1;
      if (conflicts > CONFLICT_RETRIES_MAX) {
        throw new Error(`${round.lost.length} items kept changing under our hands, first ${lost?.key ?? ''}`);
      }
      left = [...round.lost, ...round.later, ...later];
    }
  }
  counts.unchanged = items.length - counts.ingested - counts.revised - counts.changed;
  return counts;
}

/**
 * Decides what each sighting adds to the log and appends it. Safe to repeat, and for any number of processes at once:
 * what is known already adds nothing.
 */
export async function recordItems(
  store: Store,
  items: readonly Seen[],
  now: () => Date,
): Promise<RecordCounts> {
  const { ingested, revised, unchanged } = await recordAll(store, items, now, { revises: () => true });
  return { ingested, revised, unchanged };
}

/**
 * Like recordItems for what may be older than what is known: items that are new are recorded, other words of known ones only
 * counted.
 */
export async function recordNew(store: Store, items: readonly Seen[], now: () => Date): Promise<NewCounts> {
  const { ingested, changed } = await recordAll(store, items, now, { revises: () => false });
  return { ingested, changed };
}

/** Like recordItems for captures, of which `order` says which are later than what is known. */
export async function recordCaptured(
  store: Store,
  items: readonly Seen[],
  now: () => Date,
  order: CaptureOrder,
): Promise<RecordCounts> {
  const revises: Revises = (judged) => order.allows(judged);
  const { ingested, revised, unchanged, changed } = await recordAll(store, items, now, { revises, order });
  return { ingested, revised, unchanged: unchanged + changed };
}
