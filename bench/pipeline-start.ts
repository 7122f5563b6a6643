import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Children } from './children.ts';
import { serveFeeds } from './feed-server.ts';
import { rssOf } from './feed-xml.ts';
import { labDossier } from './lab-dossier.ts';
import type { RunOptions } from './pipeline-run.ts';

const LOOK_EVERY_MS = 2;

export type StartOptions = Pick<RunOptions, 'dossier' | 'folder' | 'outlets' | 'write' | 'labWorker'>;

/**
 * Starts everything with the embedded Postgres on data that were there before, `starts` times. Gives the seconds from
 * the start of the process to its first request to a feed, the shortest first; the first start of all is not counted.
 */
export async function secondStarts(options: StartOptions, starts: number): Promise<number[]> {
  const data = await mkdtemp(join(tmpdir(), 'shuttlewatch-bench-'));
  let requestedAt = 0;
  const { dossier, folder, outlets, write, labWorker } = options;
  const server = await serveFeeds((feed, edition) => {
    requestedAt ||= performance.now();
    const outlet = outlets[feed];
    if (outlet === undefined || edition > 0) return null;
    return { type: 'application/rss+xml', body: rssOf(outlet, [write(feed)]) };
  });
  const watched = await labDossier(dossier, join(folder, 'start-dossier'), outlets, server.origin);
  const children = new Children({
    SHUTTLEWATCH_DATA: data,
    SHUTTLEWATCH_DOSSIER: watched,
    SHUTTLEWATCH_LOG: 'error',
  });
  const once = async (): Promise<number> => {
    requestedAt = 0;
    const startedAt = performance.now();
    const child = children.start('work', [labWorker]);
    while (requestedAt === 0) {
      if (child.process.exitCode !== null) await children.ended(child);
      await wait(LOOK_EVERY_MS);
    }
    await children.speaks(child, /lab worker: ready/);
    child.process.kill('SIGTERM');
    await children.ended(child);
    return (requestedAt - startedAt) / 1_000;
  };
  try {
    await once();
    const seconds: number[] = [];
    for (let start = 0; start < starts; start++) seconds.push(await once());
    return seconds.sort((a, b) => a - b);
  } finally {
    await children.stop();
    await server.close();
    await rm(data, { recursive: true, force: true });
  }
}
