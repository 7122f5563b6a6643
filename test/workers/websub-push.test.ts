import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { eventIdOf, feedStream } from '../../src/events/ids.ts';
import { readPlan } from '../../src/store/feed-schedule.ts';
import { head } from '../../src/store/read.ts';
import { PUSH_BYTES_MAX } from '../../src/workers/websub-listener.ts';
import { NOON } from '../support/events.ts';
import { signatureOf } from '../support/hub.ts';
import { MINUTE_MS, rss, usePushedFeeds } from '../support/pushed-feeds.ts';

const lab = usePushedFeeds();
const { stage, follow, poll, keep, addPushedFeed, pause, row, appendedAfter } = lab;

/** A body whose length is not announced. */
function inChunks(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull(controller) {
      const part = new Uint8Array(Math.min(left, 65_536));
      left -= part.byteLength;
      if (part.byteLength > 0) controller.enqueue(part);
      else controller.close();
    },
  });
}

describe('a push', () => {
  test('that is not signed with our secret is acknowledged, counted, and nothing else', async () => {
    await addPushedFeed('e1');
    const before = await head(lab.store.db);
    const body = rss('e2');
    const secret = stage.hub.asked[0]?.secret ?? '';
    for (const signature of [
      signatureOf('another', body),
      signatureOf(secret, `${body} `),
      signatureOf(secret, body, 'md5'),
      signatureOf(secret, body).slice(0, -1),
      'sha256=',
      '',
    ]) {
      expect(await stage.hub.push(body, { 'x-hub-signature': signature })).toBe(202);
    }
    expect(await head(lab.store.db)).toBe(before);
    expect(await row()).toMatchObject({ state: 'active', unsigned: 6 });
    for (const [index, method] of ['sha1', 'sha384', 'sha512'].entries()) {
      const right = rss(`e${index + 3}`);
      await stage.hub.push(right, { 'x-hub-signature': signatureOf(secret, right, method).toUpperCase() });
    }
    expect(await appendedAfter(before)).toHaveLength(3);
  });

  test('that is too large, or is no feed, is left to the next poll', async () => {
    const feed = await addPushedFeed('f1');
    const due = async (): Promise<number> =>
      ((await readPlan(lab.store.db, feed))?.nextDueAt.getTime() ?? 0) - stage.clock;
    expect(await stage.hub.push(new Uint8Array(PUSH_BYTES_MAX + 1))).toBe(413);
    expect(await due()).toBe(0);
    await poll(feed);
    expect(await due()).toBe(14 * MINUTE_MS);
    expect(await stage.hub.push(inChunks(PUSH_BYTES_MAX + 1))).toBe(413);
    expect(await due()).toBe(0);
    await poll(feed);
    const before = await head(lab.store.db);
    stage.clock += 5 * MINUTE_MS;
    expect(await stage.hub.push('<html><body>oops</body></html>')).toBe(202);
    expect(await head(lab.store.db)).toBe(before);
    expect((await row()).lastError).toContain('could not be read');
    expect((await readPlan(lab.store.db, feed))?.nextDueAt.getTime()).toBe(stage.clock);
  });

  test('that cannot be recorded is refused, so that the hub comes again, and leaves one event', async () => {
    await addPushedFeed('g1');
    const before = await head(lab.store.db);
    stage.appendFails = new Error('the database is away');
    expect(await stage.hub.push(rss('g2'))).toBe(503);
    stage.appendFails = null;
    expect(await stage.hub.push(rss('g2'))).toBe(202);
    expect(await appendedAfter(before)).toEqual(['ingested as news']);
  });

  test('with other words of a known item revises nothing, as it may be late, and makes the feed be polled', async () => {
    const feed = await addPushedFeed('h1');
    const before = await head(lab.store.db);
    stage.clock += 5 * MINUTE_MS;
    expect(await stage.hub.push(rss(['h1', 'an older headline'], 'h2'))).toBe(202);
    expect(await appendedAfter(before)).toEqual(['ingested as news']);
    expect((await readPlan(lab.store.db, feed))?.nextDueAt.getTime()).toBe(stage.clock);
  });

  test('that overtakes the answer to a poll is not undone by it', async () => {
    const feed = await addPushedFeed('i1');
    const before = await head(lab.store.db);
    stage.answer = async (_request, response) => {
      await stage.hub.push(rss(['i2', 'the corrected headline']));
      response.writeHead(200, { etag: '"old"' }).end(rss(['i2', 'the headline'], 'i1'));
    };
    await poll(feed);
    expect(await appendedAfter(before)).toEqual(['ingested as news']);
    const plan = await readPlan(lab.store.db, feed);
    expect(plan).toMatchObject({ etag: null });
    expect(plan?.nextDueAt.getTime()).toBe(stage.clock);
  });

  test('while a poll is in hand, or its items are being recorded, has the feed polled again, whatever the poll brings', async () => {
    const feed = await addPushedFeed('m1');
    const due = async (): Promise<number> =>
      ((await readPlan(lab.store.db, feed))?.nextDueAt.getTime() ?? 0) - stage.clock;
    stage.answer = (_request, response) => void response.writeHead(200, { etag: '"m"' }).end(rss('m1'));
    await poll(feed);
    stage.answer = async (_request, response) => {
      await stage.hub.push(rss('m2'));
      response.writeHead(304).end();
    };
    await poll(feed);
    expect(await due()).toBe(0);
    stage.answer = (_request, response) => void response.writeHead(200, { etag: '"n"' }).end(rss('m3'));
    stage.beforeAppend = () => stage.hub.push(rss('m4'));
    await poll(feed);
    expect(await due()).toBe(0);
    const plan = await readPlan(lab.store.db, feed);
    expect(plan).toMatchObject({ etag: '"m"', lastOutcome: '1 new, 0 revised, overtaken by a push' });
    // A hub without TLS, whose word is not believed, is heard all the same.
    await sql`update sw_work.subscriptions set hub = 'http://hub.example/'`.execute(lab.store.db);
    stage.answer = async (_request, response) => {
      await stage.hub.push('something is new');
      response.writeHead(304).end();
    };
    await poll(feed);
    expect(await due()).toBe(0);
    stage.answer = (_request, response) => void response.writeHead(304).end();
    await poll(feed);
    expect(await due()).toBeGreaterThan(MINUTE_MS);
  });

  test('for a paused feed is answered with 410 at once, and the hub is told when it has been ended', async () => {
    const feed = await addPushedFeed('j1');
    await pause(feed);
    const before = await head(lab.store.db);
    expect(await stage.hub.push(rss('j2'))).toBe(410);
    expect(await head(lab.store.db)).toBe(before);
    await follow();
    await keep();
    expect(stage.hub.asked.map(({ mode, secret }) => [mode, secret !== null])).toEqual([
      ['subscribe', true],
      ['unsubscribe', false],
    ]);
    expect(stage.hub.verified).toHaveLength(2);
    expect(await row()).toMatchObject({ state: 'ended', dueMs: null });
    expect(await stage.hub.push(rss('j2'))).toBe(410);
  });

  test('before the first poll of a feed’s new list only makes it be polled', async () => {
    const feed = await addPushedFeed('k1');
    const data = {
      feed,
      from: 'x',
      to: `${stage.origin}/feed/new`,
      cause: 'dossier' as const,
      reason: 'test',
    };
    const moved = { type: 'FeedMoved' as const, id: eventIdOf('FeedMoved', feed), decidedAt: NOON, data };
    await lab.store.append([{ stream: feedStream(feed), expected: null, events: [moved] }], NOON);
    await follow();
    const before = await head(lab.store.db);
    expect(await stage.hub.push(rss('k2'))).toBe(202);
    expect(await head(lab.store.db)).toBe(before);
  });
});
