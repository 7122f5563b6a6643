import { afterAll, describe, expect, test } from 'vitest';
import { inspectConfig, loadConfig } from '../../src/config.ts';
import { websubFindings } from '../../src/cli/doctor/websub.ts';
import type { Finding } from '../../src/cli/doctor/finding.ts';
import { pushLines } from '../../src/cli/feed-pushes.ts';
import { feedId } from '../../src/events/ids.ts';
import { createHttpClient } from '../../src/net/http.ts';
import { listPushes } from '../../src/query/pushes.ts';
import type { ListedPush } from '../../src/query/pushes.ts';
import { MINUTE_MS, rss, usePushedFeeds } from '../support/pushed-feeds.ts';

const lab = usePushedFeeds();
const { stage, addFeed, addPushedFeed, keep, serve, poll } = lab;
const http = createHttpClient({ contactUrl: 'https://tests.example/', version: '0' });
afterAll(() => http.close());

async function look(url?: string): Promise<Finding[]> {
  const config = loadConfig(url === undefined ? {} : { SHUTTLEWATCH_WEBSUB_URL: url });
  const { db } = lab.store;
  return await websubFindings(config, db, http, await listPushes(db), new Date(stage.clock));
}

describe('doctor', () => {
  test('says what is missed without WebSub, that all is well with it, and who does not answer', async () => {
    await addFeed('a1');
    expect(await look()).toMatchObject([
      { verdict: 'ok', seen: expect.stringContaining('1 feed offer') as string },
    ]);
    expect(await look(stage.callback)).toMatchObject([
      { verdict: 'warn', seen: `no process listens for hubs under ${stage.callback}` },
    ]);
    await keep();
    expect(await look(stage.callback)).toMatchObject([
      { verdict: 'ok', seen: '1 feed pushed of 1 that offer a hub' },
    ]);
    const elsewhere = `${stage.origin}/proxy`;
    await lab.store.db
      .insertInto('sw_work.callbacks')
      .values({ url: elsewhere, answered_until: new Date(stage.clock + MINUTE_MS) })
      .execute();
    expect(await look(elsewhere)).toMatchObject([
      { verdict: 'warn', seen: `${elsewhere} is answered by something else, with 200` },
    ]);
  });

  test('names hubs that take requests and never call back, and those that are silent', async () => {
    await addFeed('b1');
    stage.hub.manners = { verifies: 'when told' };
    await keep();
    stage.clock += 10 * MINUTE_MS;
    await keep();
    expect(await look(stage.callback)).toMatchObject([
      { verdict: 'warn', seen: expect.stringMatching(/asked in vain.*did not call back/) as string },
    ]);
    await stage.hub.call();
    for (const name of ['b2', 'b3', 'b4']) {
      const feed = (await listPushes(lab.store.db))[0]?.feed ?? feedId('none');
      serve(rss(name));
      await poll(feed);
    }
    await stage.websub.revise();
    expect(await look(stage.callback)).toMatchObject([
      { verdict: 'warn', seen: expect.stringContaining('hubs are silent') as string },
    ]);
  });
});

describe('feeds', () => {
  test('lists who pushes what, until when, and what stands in the way', async () => {
    await addPushedFeed('c1');
    const [push] = await listPushes(lab.store.db);
    if (push === undefined) throw new Error('nothing is pushed');
    const lines = (change: Partial<ListedPush>): string =>
      pushLines([{ ...push, ...change }], new Date(stage.clock));
    expect(lines({})).toBe(
      `  ${push.feed}: pushed by ${stage.hub.url} until 2026-01-23 03:01, no push yet\n`,
    );
    expect(lines({ missed: 3 })).toContain('silent, 3 polls in a row');
    expect(lines({ state: null })).toBe('');
    expect(lines({ state: 'denied', lastError: 'said\u001b[31m no' })).not.toContain('\u001b');
  });
});

describe('the settings', () => {
  test('take a callback URL that a path can be appended to, and an address', () => {
    const problems = (value: Record<string, string>): readonly string[] => inspectConfig(value).problems;
    expect(problems({ SHUTTLEWATCH_WEBSUB_URL: 'https://news.example/websub/' })).toEqual([]);
    for (const url of [
      'https://a.example/?x',
      'https://a.example/#x',
      'https://u@a.example/',
      'ftp://a.example/',
    ])
      expect(problems({ SHUTTLEWATCH_WEBSUB_URL: url })).toHaveLength(1);
    expect(problems({ SHUTTLEWATCH_WEBSUB_HOST: '::1' })).toEqual([]);
    expect(problems({ SHUTTLEWATCH_WEBSUB_HOST: 'a b' })).toHaveLength(1);
  });
});
