import { beforeAll, describe, expect, test } from 'vitest';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { eventIdOf, feedId, feedStream, publisherId, ruleId } from '../../src/events/ids.ts';
import type { Store } from '../../src/store/store.ts';
import { readFeeds } from '../../src/workers/feeds.ts';
import { readRules } from '../../src/workers/rules.ts';
import { syncDossier } from '../../src/workers/sync-dossier.ts';
import { NOON } from '../support/events.ts';
import { countEvents } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

function dossier(version: string, feeds: readonly string[], rules: readonly string[]): Dossier {
  return {
    name: 'test',
    folder: '/',
    version,
    subjects: [],
    rivals: [],
    publishers: [],
    commitments: [],
    feeds: feeds.map((id) => ({
      id: feedId(id),
      title: id,
      url: `https://${id}.example/rss`,
      site: null,
      publisher: publisherId('wire'),
      lang: 'en',
      seen: 'test',
      unverified: true,
    })),
    rules: rules.map((id) => ({
      rule: ruleId(id),
      title: id,
      about: '',
      query: 'subject:nara',
      channels: ['console'],
    })),
  };
}

beforeAll(async () => {
  await syncDossier(log.store, dossier('v1', ['one', 'two'], ['a', 'b']), NOON);
});

describe('bringing a dossier into the log', () => {
  test('changes nothing when nothing changed, in many processes at once', async () => {
    const before = await countEvents(log.store.db);
    const counts = await Promise.all(
      [1, 2, 3].map(() => syncDossier(log.store, dossier('v1', ['one', 'two'], ['a', 'b']), NOON)),
    );
    expect(counts).toEqual([1, 2, 3].map(() => ({ feeds: 0, rules: 0 })));
    expect(await countEvents(log.store.db)).toEqual(before);
  });

  test('makes each change once when processes bring the same new version at once', async () => {
    const counts = await Promise.all(
      [1, 2, 3].map(() => syncDossier(log.store, dossier('v2', ['one', 'three'], ['a', 'c']), NOON)),
    );
    expect(counts.reduce((sum, count) => sum + count.feeds, 0)).toBe(2);
    expect(counts.reduce((sum, count) => sum + count.rules, 0)).toBe(2);
    const feeds = await readFeeds(log.store.db);
    expect([...feeds].map(([id, { state }]) => `${id} ${state.status}`)).toEqual([
      'one active',
      'three active',
      'two removed',
    ]);
    expect(
      [...(await readRules(log.store.db))].filter(([, { state }]) => state !== null).map(([id]) => id),
    ).toEqual(['a', 'c']);
  });

  test('decides again about a feed that a running process spoke of meanwhile', async () => {
    const feed = feedId('three');
    let interfered = false;
    const store: Store = {
      ...log.store,
      append: async (commands, now) => {
        if (!interfered) {
          interfered = true;
          const failure = { kind: 'soft' as const, reason: 'test', status: 503, evidence: null };
          const id = eventIdOf('FeedFailed', feed, 'meanwhile');
          const event = { type: 'FeedFailed' as const, id, decidedAt: NOON, data: { feed, failure } };
          await log.store.append([{ stream: feedStream(feed), expected: null, events: [event] }], NOON);
        }
        return await log.store.append(commands, now);
      },
    };
    expect(await syncDossier(store, dossier('v3', ['one'], ['a', 'c']), NOON)).toEqual({
      feeds: 1,
      rules: 0,
    });
    expect((await readFeeds(log.store.db)).get(feed)?.state.status).toBe('removed');
  });
});
