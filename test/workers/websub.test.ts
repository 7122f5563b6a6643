import { describe, expect, test } from 'vitest';
import { readPlan } from '../../src/store/feed-schedule.ts';
import { head } from '../../src/store/read.ts';
import { askHubs } from '../../src/workers/websub-ask.ts';
import { reviseSubscriptions, startWebSub } from '../../src/workers/websub.ts';
import { NOON } from '../support/events.ts';
import { freePort } from '../support/free-port.ts';
import { startHub } from '../support/hub.ts';
import { DAY_MS, MINUTE_MS, rss, usePushedFeeds } from '../support/pushed-feeds.ts';

const lab = usePushedFeeds();
const {
  stage,
  deps,
  serve,
  follow,
  poll,
  keep,
  addFeed,
  addPushedFeed,
  pause,
  row,
  isSubscribed,
  appendedAfter,
} = lab;

describe('a feed that offers a hub', () => {
  test('is subscribed to; what is pushed is in the log as news when the push is acknowledged, and once', async () => {
    await addPushedFeed('a1');
    expect(stage.hub.asked).toMatchObject([
      { mode: 'subscribe', topic: `${stage.origin}/topic`, leaseSeconds: '864000' },
    ]);
    expect(stage.hub.asked[0]?.secret).toMatch(/^[0-9a-f]{64}$/);
    const before = await head(lab.store.db);
    expect(await stage.hub.push(rss('a2'))).toBe(202);
    expect(await appendedAfter(before)).toEqual(['ingested as news']);
    expect(await stage.hub.push(rss('a2', 'a1'))).toBe(202);
    expect(await appendedAfter(before)).toHaveLength(1);
  });

  test('is polled more slowly once a push has come, and as usual when the lease is over', async () => {
    const feed = await addPushedFeed('b1');
    expect(await isSubscribed(feed)).toBe(false);
    await stage.hub.push(rss('b2'));
    expect(await isSubscribed(feed)).toBe(true);
    serve(rss('b2', 'b1'));
    await poll(feed);
    const plan = await readPlan(lab.store.db, feed);
    expect(plan?.nextDueAt.getTime()).toBe(stage.clock - MINUTE_MS + 60 * MINUTE_MS);
    stage.clock = NOON.getTime() + 10 * DAY_MS + MINUTE_MS;
    await stage.websub.revise();
    expect(await isSubscribed(feed)).toBe(false);
  });

  test('is asked for by one of two processes, and either of them answers the hub', async () => {
    await addFeed('c1');
    stage.hub.manners = { verifies: 'when told' };
    const port = await freePort();
    const other = await startWebSub(deps(), { url: stage.callback, host: '127.0.0.1', port });
    await Promise.all([stage.websub.revise(), other.revise()]);
    await Promise.all([stage.websub.ask(), other.ask(), stage.websub.ask(), other.ask()]);
    expect(stage.hub.asked).toHaveLength(1);
    const asked = stage.hub.asked[0];
    if (asked === undefined) throw new Error('nobody asked');
    stage.hub.asked.push({
      ...asked,
      callback: asked.callback.replace(new URL(stage.callback).port, port.toString()),
    });
    expect(await stage.hub.call()).toEqual({ status: 200, body: 'ch-1' });
    expect(await stage.hub.push(rss('c2'))).toBe(202);
    await other.stop();
    expect((await row()).state).toBe('active');
  });

  test('is asked for again when two thirds of the lease have passed, under the same callback', async () => {
    const feed = await addPushedFeed('d1');
    expect((await row()).dueMs).toBe((10 * DAY_MS * 2) / 3);
    stage.clock += 7 * DAY_MS;
    await keep();
    expect(new Set(stage.hub.asked.map((asked) => asked.callback)).size).toBe(1);
    expect(stage.hub.verified).toHaveLength(2);
    await stage.hub.push(rss('d2'));
    stage.clock += 4 * DAY_MS;
    await stage.websub.revise();
    expect(await isSubscribed(feed)).toBe(true);
  });
});

describe('a hub that calls back', () => {
  test('about what was never asked, or after it was ended, is answered with 404', async () => {
    const feed = await addPushedFeed('l1');
    for (const lie of [
      { 'hub.topic': 'https://elsewhere.example/' },
      { 'hub.mode': 'unsubscribe' },
      { 'hub.mode': 'publish' },
      { 'hub.challenge': '' },
      { 'hub.challenge': 'x'.repeat(1_025) },
    ]) {
      expect((await stage.hub.call(lie)).status).toBe(404);
    }
    await pause(feed);
    await follow();
    await stage.websub.revise();
    expect((await stage.hub.call()).status).toBe(404);
  });

  test('to deny is believed: it is not asked for a week, and polling goes on as usual', async () => {
    const feed = await addPushedFeed('m1');
    await stage.hub.push(rss('m2'));
    const denied = { 'hub.mode': 'denied', 'hub.reason': 'no\nmore' };
    expect((await stage.hub.call(denied)).status).toBe(200);
    expect(await row()).toMatchObject({
      state: 'denied',
      dueMs: 7 * DAY_MS,
      lastError: `${stage.hub.url}: denied: no more`,
    });
    expect(await isSubscribed(feed)).toBe(false);
    stage.clock += 7 * DAY_MS;
    await keep();
    expect(await row()).toMatchObject({ state: 'active' });
  });

  test('with a lease of a second is believed for a second, and not asked again for half an hour', async () => {
    await addFeed('n1');
    stage.hub.manners = { leaseSeconds: '1' };
    await keep();
    expect((await row()).dueMs).toBe(30 * MINUTE_MS);
    stage.clock += 29 * MINUTE_MS;
    await keep();
    expect(stage.hub.asked).toHaveLength(1);
  });
});

describe('a hub on the own machine', () => {
  test('is asked only where its feed may be there', async () => {
    const feed = await addFeed('u1');
    const guarded = { ...deps(), allowPrivate: false };
    await stage.websub.revise();
    await askHubs(guarded);
    expect(stage.hub.asked).toHaveLength(0);
    expect((await row()).lastError).toContain('private or reserved address');
    await lab.store.db
      .updateTable('sw_work.feed_schedule')
      .set({ allow_private: true })
      .where('feed', '=', feed)
      .execute();
    stage.clock += 60 * MINUTE_MS;
    await stage.websub.revise();
    await askHubs(guarded);
    expect(stage.hub.asked).toHaveLength(1);
  });
});

describe('a hub that refuses or fails', () => {
  test('is asked ever more rarely, and not at all for a week when it says no', async () => {
    await addFeed('o1');
    stage.hub.manners = { status: 503 };
    const waits: (number | null)[] = [];
    for (let round = 0; round < 3; round++) {
      await keep();
      const { dueMs } = await row();
      waits.push(dueMs);
      stage.clock += dueMs ?? 0;
    }
    expect(waits).toEqual([10, 20, 40].map((minutes) => minutes * MINUTE_MS));
    const words = `we know ${stage.hub.asked[0]?.secret ?? ''}`;
    stage.hub.manners = { status: 403, words };
    await keep();
    expect(await row()).toMatchObject({
      state: 'denied',
      dueMs: 7 * DAY_MS,
      lastError: `${stage.hub.url}: answered 403: we know …`,
    });
  });

  test('or redirects is followed to where the secret is as safe, and nowhere else', async () => {
    await addFeed('p1');
    const second = await startHub();
    stage.hub.manners = { status: 307, location: second.url };
    await keep();
    expect(second.asked).toHaveLength(1);
    expect((await row()).state).toBe('active');
    stage.clock += 7 * DAY_MS;
    stage.hub.manners = { status: 308, location: 'http://hub.example/' };
    await keep();
    expect((await row()).lastError).toContain('where a secret could be read');
    await second.close();
  });

  test('to push what polls find is noted as silent and asked again, and believed when it pushes', async () => {
    const feed = await addPushedFeed('q1');
    await stage.hub.push(rss('q2'));
    for (const items of [['q3'], ['q4', 'q3'], ['q5', 'q4']]) {
      serve(rss(...items));
      await poll(feed);
      expect(await isSubscribed(feed)).toBe(false);
    }
    await keep();
    expect(stage.hub.asked).toHaveLength(2);
    expect(await isSubscribed(feed)).toBe(false);
    await stage.hub.push(rss('q6'));
    expect(await isSubscribed(feed)).toBe(true);
  });
});

describe('the callbacks', () => {
  test('say the same to everybody who does not know a token', async () => {
    const unknown = `${stage.callback}/${'A'.repeat(43)}`;
    for (const url of [`${stage.callback}/x`, stage.callback, new URL('/', stage.callback).href, unknown]) {
      const response = await fetch(`${url}?stage.hub.mode=subscribe&stage.hub.topic=t&stage.hub.challenge=c`);
      expect([response.status, await response.text()]).toEqual([404, 'nothing here\n']);
    }
    const post = await fetch(unknown, { method: 'POST', body: rss('r1') });
    expect(post.status).toBe(410);
    expect((await fetch(unknown, { method: 'PUT', body: 'x' })).status).toBe(405);
  });

  test('that nobody answers any more are given up by whoever polls, after ten minutes', async () => {
    await addPushedFeed('s1');
    stage.clock += 10 * MINUTE_MS;
    await reviseSubscriptions(deps(), null);
    expect((await row()).state).toBe('active');
    stage.clock += 2 * MINUTE_MS;
    await reviseSubscriptions(deps(), null);
    await stage.websub.ask();
    expect(stage.hub.asked.at(-1)?.mode).toBe('unsubscribe');
    expect((await row()).state).toBe('ended');
  });

  test('may change with the hub of a feed, once an hour', async () => {
    const feed = await addPushedFeed('t1');
    const old = stage.hub;
    stage.hub = await startHub();
    const links = `<atom:link rel="hub" href="${stage.hub.url}"/><atom:link rel="self" href="${stage.origin}/other"/>`;
    stage.answer = (_request, response) => {
      response.end(rss('t1').replace('<title>W', `${links}<title>W`));
    };
    await poll(feed);
    await keep();
    await keep();
    expect(old.asked.map(({ mode }) => mode)).toEqual(['subscribe', 'unsubscribe']);
    expect(stage.hub.asked).toHaveLength(0);
    stage.clock += 60 * MINUTE_MS;
    await keep();
    expect(stage.hub.asked).toMatchObject([{ mode: 'subscribe', topic: `${stage.origin}/other` }]);
    await old.close();
  });
});
