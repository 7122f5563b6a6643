import { OPTIONS_OFF } from '../events/feed.ts';
import type { Recorded } from '../events/event.ts';
import { feedStream, itemStream } from '../events/ids.ts';
import type { ContentHash, FeedId, ItemId, StreamId } from '../events/ids.ts';
import type { ItemIngested, ItemRevised } from '../events/item.ts';
import { isItemEvent } from '../events/item.ts';
import type { Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import { hostOf } from '../store/host-turns.ts';
import { forgetPages, wantPages } from '../store/pages.ts';
import type { WantedPage } from '../store/pages.ts';
import { readStreams } from '../store/read.ts';

type News = Recorded<ItemIngested> | Recorded<ItemRevised>;
type Streams = ReadonlyMap<StreamId, readonly Recorded[]>;

/** Whether a feed asked for full texts when the log got `event`. */
function asked(streams: Streams, feed: FeedId, event: News): boolean {
  const told = (streams.get(feedStream(feed)) ?? []).filter(({ position }) => position < event.position);
  const last = told.at(-1);
  const isOptions = last?.type === 'FeedAdded' || last?.type === 'FeedOptionsChanged';
  return (isOptions ? last.data.options : OPTIONS_OFF).fullText;
}

function urlOf(streams: Streams, event: News): string | null {
  if (event.type === 'ItemIngested') return event.data.url;
  const [first] = streams.get(itemStream(event.data.item)) ?? [];
  return first?.type === 'ItemIngested' ? first.data.url : null;
}

/** Which of the new words want a full text, and from where: what is told by the log up to each, and by nothing else. */
async function wantedOf(tx: Tx, news: readonly News[]): Promise<Map<News, WantedPage>> {
  const feeds = await readStreams(
    tx,
    [...new Set(news.map(({ data }) => feedStream(data.feed)))],
    ['FeedAdded', 'FeedOptionsChanged'],
  );
  const wanting = news.filter((event) => asked(feeds, event.data.feed, event));
  const revised = wanting.filter(({ type }) => type === 'ItemRevised');
  const items = await readStreams(
    tx,
    revised.map(({ data }) => itemStream(data.item)),
    ['ItemIngested'],
  );
  return new Map(
    wanting.map((event) => {
      const { item, content } = event.data;
      return [event, { item, content, host: hostOf(urlOf(items, event) ?? '') }];
    }),
  );
}

/**
 * The consumer that notes which pages are to be fetched, and strikes out what came of them. What came with a backfill is old news:
 * a first poll or an archive would have us ask a site for everything it ever wrote.
 */
export const planPages = (now: () => Date): Consumer => ({
  name: 'plan-pages',
  handles: ['ItemIngested', 'ItemRevised', 'ItemTextFetched', 'ItemTextMissed', 'ItemTakenDown'],
  async handle(tx, events) {
    const isNews = (event: Recorded): event is News =>
      (event.type === 'ItemIngested' || event.type === 'ItemRevised') && event.data.backfill === null;
    const wanted = await wantedOf(tx, events.filter(isNews));
    const pages = new Map<ItemId, WantedPage>();
    const over: { item: ItemId; content: ContentHash | null }[] = [];
    for (const event of events.filter(isItemEvent)) {
      const { item } = event.data;
      if (isNews(event)) {
        const page = wanted.get(event);
        if (page === undefined) continue;
        pages.set(item, page);
      } else {
        const content = 'content' in event.data ? event.data.content : null;
        over.push({ item, content });
        if (content === null || pages.get(item)?.content === content) pages.delete(item);
      }
    }
    await forgetPages(tx, over);
    await wantPages(tx, [...pages.values()], now());
  },
});
