import { eventIdOf, itemStream } from '../events/ids.ts';
import type { ContentHash } from '../events/ids.ts';
import type { ItemState, ItemTextFetched, ItemTextMissed } from '../events/item.ts';
import type { Missed } from '../ingest/full-text.ts';
import { pageText } from '../query/item-text.ts';
import { appendIn } from '../store/append.ts';
import { getItemContents, pageHashOf, putContent, takeBackContent } from '../store/content.ts';
import type { PageContent } from '../store/content.ts';
import type { WantedPage } from '../store/pages.ts';
import type { Store } from '../store/store.ts';
import { readItems, UNKNOWN_ITEM } from './items.ts';

/** Times to decide again about an item whose stream moved on meanwhile: it is tagged while its page is fetched. */
const CONFLICT_RETRIES_MAX = 5;

/** A full text, and where it came from. */
export interface FetchedText {
  readonly kind: 'fetched';
  readonly text: string;
  readonly cut: boolean;
  readonly url: string;
  readonly canonical: string | null;
}

/** What came of asking for a page. */
export type TextOutcome = FetchedText | { readonly kind: 'missed'; readonly missed: Missed };

interface RecordDeps {
  readonly store: Store;
  readonly now: () => Date;
}

interface Decided {
  readonly event: ItemTextFetched | ItemTextMissed;
  readonly page: PageContent | null;
}

/**
 * The event that says what came of asking, once for the words of each revision: whoever asks again for the same words gives the same
 * event, whatever the page says by then.
 */
async function decide(
  { store, now }: RecordDeps,
  { item, content }: WantedPage,
  { revision }: ItemState,
  outcome: TextOutcome,
): Promise<Decided | null> {
  const decidedAt = now();
  if (outcome.kind === 'missed') {
    const id = eventIdOf('ItemTextMissed', item, revision, content);
    return {
      event: { type: 'ItemTextMissed', id, decidedAt, data: { item, content, ...outcome.missed } },
      page: null,
    };
  }
  // Gone with a takedown, of this item or of another with the same words: then its full text goes as well.
  const words = (await getItemContents(store.db, [content])).get(content);
  if (words === undefined) return null;
  const { text, cut, url, canonical } = outcome;
  const page = { title: words.title, summary: words.summary, text };
  const found = { text: pageHashOf(page), url, characters: text.length, cut, canonical };
  const id = eventIdOf('ItemTextFetched', item, revision, content);
  return { event: { type: 'ItemTextFetched', id, decidedAt, data: { item, content, ...found } }, page };
}

/** Words and event together, and no words whose event is refused, as record-items.ts has it. Gives whether it is in the log. */
async function append(store: Store, { event, page }: Decided, expected: number, now: Date): Promise<boolean> {
  const hash: ContentHash | null = page === null ? null : pageHashOf(page);
  const command = { stream: itemStream(event.data.item), expected, events: [event] };
  const [result] = await store.db.transaction().execute(async (tx) => {
    if (page !== null && hash !== null) {
      await putContent(tx, new Map([[hash, pageText(page)]]));
      // A takedown that had the texts while this waited for them has taken the words, and knew nothing of this one.
      if (!(await getItemContents(tx, [event.data.content])).has(event.data.content)) {
        await takeBackContent(tx, [hash]);
        return [];
      }
    }
    const results = await appendIn(tx, [command], now);
    // A duplicate stands for what was fetched first, which may be another text.
    if (hash !== null && results[0]?.status !== 'appended') await takeBackContent(tx, [hash]);
    return results;
  });
  if (result?.status === 'appended') store.wakeup.appended();
  return result?.status !== 'conflict';
}

/**
 * Appends what came of asking for `page`. What was revised, taken down or answered meanwhile is left as it is. Safe to repeat.
 */
export async function recordText(deps: RecordDeps, page: WantedPage, outcome: TextOutcome): Promise<void> {
  const { store, now } = deps;
  for (let attempt = 0; attempt <= CONFLICT_RETRIES_MAX; attempt++) {
    const { state, version } = (await readItems(store.db, [page.item])).get(page.item) ?? UNKNOWN_ITEM;
    const isOpen = state.content === page.content && state.text === null && !state.textMissed;
    if (!isOpen || state.takenDown) return;
    const decided = await decide(deps, page, state, outcome);
    if (decided === null || (await append(store, decided, version, now()))) return;
  }
  throw new Error(`item ${page.item} kept changing under our hands`);
}
