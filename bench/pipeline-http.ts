import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { sql } from 'kysely';
import { openStore } from '../src/store/store.ts';
import type { Store } from '../src/store/store.ts';
import { Children } from './children.ts';
import { etagOf, serveFeeds } from './feed-server.ts';
import type { Edition } from './feed-server.ts';
import { atomOf, rssOf } from './feed-xml.ts';
import { labDossier } from './lab-dossier.ts';
import { serveWebhook, WEBHOOK_SECRET } from './webhook-server.ts';
import type { NewsItem } from './news.ts';
import type { Figures } from './pipeline-figures.ts';
import { costsOf, figuresOf, settingsOf } from './pipeline-run.ts';
import type { RunOptions } from './pipeline-run.ts';
import { settled } from './settled.ts';

/** What a poll brings: so many new items at most, and so many that the polls before brought, as feeds do. */
const NEW_ITEMS_MAX = 200;
const OLD_ITEMS = 50;
/** A feed's items come over so many polls at least: what the first one brings is backfill and alerts nobody. */
const POLLS_MIN = 10;
const LOOK_EVERY_MS = 50;
/** Between two polls of a feed, unless it is made due before. */
const DAY_MS = 86_400_000;

/** New items in each edition of a feed, and the number of the last edition of feed number `feed`. */
function editionsOf({ items, outlets }: RunOptions, feed: number): { fresh: number; last: number } {
  const fresh = Math.min(NEW_ITEMS_MAX, Math.ceil(items / outlets.length / POLLS_MIN));
  const own = Math.ceil((items - feed) / outlets.length);
  return { fresh, last: Math.ceil(own / fresh) - 1 };
}

/** An edition of a feed: its items, a revised one in place of what it was. Null after the last. */
function editionOf(options: RunOptions, feed: number, edition: number): Edition | null {
  const { items, outlets, write } = options;
  const { fresh, last } = editionsOf(options, feed);
  const outlet = outlets[feed];
  if (outlet === undefined || edition > last) return null;
  const first = edition * fresh;
  const listed = new Map<string, NewsItem>();
  for (let round = Math.max(0, first - OLD_ITEMS); round < first + fresh; round++) {
    const index = round * outlets.length + feed;
    if (index >= items) break;
    const item = write(index);
    listed.set(item.guid, item);
  }
  const entries = [...listed.values()];
  return feed % 2 === 0
    ? { type: 'application/rss+xml', body: rssOf(outlet, entries) }
    : { type: 'application/atom+xml', body: atomOf(outlet, entries) };
}

/**
 * Waits until every feed has been taken in to its end and everything that follows is done. A feed that has been taken in
 * is due again at once as long as it has more, and never after: polls that bring nothing are not what is measured.
 */
async function takenIn(store: Store, options: RunOptions): Promise<void> {
  const last = new Map<string, string>(
    options.outlets.flatMap(({ feed }, index) => {
      const edition = editionsOf(options, index).last;
      return edition < 0 ? [] : [[feed, etagOf(edition)] as const];
    }),
  );
  while (last.size > 0) {
    const { rows } = await sql<{ feed: string }>`
      update sw_work.feed_schedule f
         set next_due_at = case when f.etag = l.etag then next_due_at else now() end
        from unnest(${[...last.keys()]}::text[], ${[...last.values()]}::text[]) as l (feed, etag)
       where f.feed = l.feed and claimed_until is null and last_polled_at is not null
         and (f.etag = l.etag or next_due_at > now())
      returning case when f.etag = l.etag then f.feed end as feed`.execute(store.db);
    for (const { feed } of rows) last.delete(feed);
    await wait(LOOK_EVERY_MS);
  }
  await settled(store, ['webhook']);
}

/**
 * Feeds over HTTP through the whole pipeline: `processes` processes with all roles, from the moment the feeds open until
 * all is tagged, all consumers have caught up and all alerts are sent.
 */
export async function runHttp(options: RunOptions): Promise<Figures> {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const server = await serveFeeds(async (feed, edition) => {
    await opened;
    return editionOf(options, feed, edition);
  });
  const webhook = await serveWebhook(() => undefined);
  const { dossier, folder, outlets } = options;
  const watched = await labDossier(dossier, join(folder, 'http-dossier'), outlets, server.origin);
  const store = openStore(options.postgres.url, () => undefined);
  const children = new Children({
    ...settingsOf({ ...options, dossier: watched }),
    SHUTTLEWATCH_WEBHOOK_URL: webhook.origin,
    SHUTTLEWATCH_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  try {
    for (let n = 1; n <= options.processes; n++) {
      const worker = children.start(`work ${n}`, [options.labWorker, String(DAY_MS)]);
      await children.speaks(worker, /lab worker: ready/);
    }
    const spent = await costsOf(children, options, async () => {
      open();
      await takenIn(store, options);
    });
    await children.stop();
    return await figuresOf('http', options, children, spent);
  } finally {
    open();
    await children.stop();
    await Promise.all([store.close(), server.close(), webhook.close()]);
  }
}
