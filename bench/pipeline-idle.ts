import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Children } from './children.ts';
import { serveFeeds } from './feed-server.ts';
import { rssOf } from './feed-xml.ts';
import { labDossier } from './lab-dossier.ts';
import type { NewsItem } from './news.ts';
import { settingsOf } from './pipeline-run.ts';
import type { RunOptions } from './pipeline-run.ts';
import { serveWebhook, WEBHOOK_SECRET } from './webhook-server.ts';

const SAMPLE_MS_MAX = 30_000;
const LOOK_EVERY_MS = 2;
/** Samples that are not counted: the first ones compile the code. */
const WARM_UP_SAMPLES = 5;
/** What the dossier's rule about the islands speaks up at. */
const NAMED = 'Dokdo';

/** Item number `edition`: generated words under a headline that one rule answers to. */
function itemOf({ write }: RunOptions, edition: number): NewsItem {
  const item = write(edition);
  const title = edition === 0 ? `Before the first sample ${edition}` : `${NAMED} ${edition}: ${item.title}`;
  return { ...item, title, summary: '', guid: `idle-${edition}`, url: `https://idle.example/${edition}` };
}

/**
 * On a system with nothing else to do: from the last byte of a feed that brings one new item to the arrival of that
 * item's alert at a webhook. Gives the milliseconds of each of `samples`, the smallest first.
 */
export async function idleLatencies(options: RunOptions, samples: number): Promise<number[]> {
  const english = options.outlets.filter(({ lang }) => lang === 'en').slice(0, 1);
  const [outlet] = english;
  if (outlet === undefined) throw new Error('no English feed to take samples with');
  let published = 0;
  const served = new Map<string, number>();
  const arrived = new Map<string, number>();
  const server = await serveFeeds(
    (_, edition) =>
      edition > published
        ? null
        : { type: 'application/rss+xml', body: rssOf(outlet, [itemOf(options, edition)]) },
    (_, edition, at) => served.set(itemOf(options, edition).url, at),
  );
  const webhook = await serveWebhook(({ item }, at) => {
    const url = item.url ?? '';
    if (!arrived.has(url)) arrived.set(url, at);
  });
  const watched = await labDossier(
    options.dossier,
    join(options.folder, 'idle-dossier'),
    english,
    server.origin,
  );
  const children = new Children({
    ...settingsOf({ ...options, dossier: watched }),
    SHUTTLEWATCH_WEBHOOK_URL: webhook.origin,
    SHUTTLEWATCH_WEBHOOK_SECRET: WEBHOOK_SECRET,
  });
  try {
    children.start('work', [options.labWorker]);
    const until = async (what: () => boolean): Promise<void> => {
      const end = performance.now() + SAMPLE_MS_MAX;
      while (!what()) {
        if (performance.now() > end) throw new Error(`no alert about sample ${published}`);
        await wait(LOOK_EVERY_MS);
      }
    };
    // The first poll's items are old news; a 304 says that it is over.
    await until(() => server.exhausted.size > 0);
    const latencies: number[] = [];
    for (let sample = 1; sample <= samples + WARM_UP_SAMPLES; sample++) {
      published = sample;
      const { url } = itemOf(options, sample);
      await until(() => arrived.has(url) && served.has(url));
      if (sample > WARM_UP_SAMPLES) latencies.push((arrived.get(url) ?? NaN) - (served.get(url) ?? NaN));
    }
    return latencies.sort((a, b) => a - b);
  } finally {
    await children.stop();
    await Promise.all([server.close(), webhook.close()]);
  }
}
