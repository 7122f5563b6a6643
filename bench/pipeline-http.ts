import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openStore } from '../src/store/store.ts';
import { Children } from './children.ts';
import { serveFeeds } from './feed-server.ts';
import type { FeedServer } from './feed-server.ts';
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

/** An edition of a feed: its items, a revised one in place of what it was. Null after the last. */
function editionOf(
  { items, outlets, write }: RunOptions,
  feed: number,
  edition: number,
): { type: string; body: string } | null {
  const outlet = outlets[feed];
  const fresh = Math.min(NEW_ITEMS_MAX, Math.ceil(items / outlets.length / POLLS_MIN));
  const first = edition * fresh;
  if (outlet === undefined || first * outlets.length + feed >= items) return null;
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

/** Waits until every feed has been taken in to its end and everything that follows is done. */
async function takenIn(server: FeedServer, { outlets, postgres }: RunOptions): Promise<void> {
  while (server.exhausted.size < outlets.length) await wait(LOOK_EVERY_MS);
  const store = openStore(postgres.url, () => undefined);
  try {
    await settled(store, ['webhook']);
  } finally {
    await store.close();
  }
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
  const children = new Children({
    ...settingsOf({ ...options, dossier: watched }),
    SHUTTLEWATCH_WEBHOOK_URL: webhook.origin,
    SHUTTLEWATCH_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  try {
    for (let n = 1; n <= options.processes; n++) {
      const worker = children.start(`work ${n}`, [options.labWorker]);
      await children.speaks(worker, /lab worker: ready/);
    }
    const spent = await costsOf(children, options, async () => {
      open();
      await takenIn(server, options);
    });
    await children.stop();
    return await figuresOf('http', options, children, spent);
  } finally {
    open();
    await children.stop();
    await Promise.all([server.close(), webhook.close()]);
  }
}
