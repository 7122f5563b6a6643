import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { ROLES } from '../../src/workers/roles.ts';
import { violations } from './invariants.ts';
import { startProduct } from './process.ts';
import type { Orders, Product } from './process.ts';
import { endAll } from './talk.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';
import { fileRedis, loseQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';

// Each test is a process that starts and works, and a busy machine takes its time for it.
vi.setConfig({ testTimeout: 90_000 });

const FEEDS = 2;
const AHEAD_STEP_MS = 10 * 60_000;

const log = useStore();
let world: World;
/** The next process, which gets up while the one before it works. */
let next: Product;
let runs = 0;

beforeAll(async () => {
  await loseQueues(null);
  world = await openWorld(FEEDS, 10);
  next = startProduct();
});
afterAll(async () => {
  endAll();
  await world.close();
});

function begin(failpoint: Orders['failpoint']): Product {
  const product = next;
  next = startProduct();
  runs += 1;
  product.begin({
    url: log.url,
    redisUrl: fileRedis(),
    dossier: world.folder,
    hook: world.hook,
    callbackPort: world.callbackPort,
    pushesLeft: world.pushesLeft,
    roles: ROLES,
    aheadMs: runs * AHEAD_STEP_MS,
    pollMs: 60_000,
    leavesClaims: false,
    quietMs: 60_000,
    failpoint,
    archive: null,
  });
  return product;
}

/** Runs a process until it has killed itself there; one that never comes by fails the test. */
async function killedAt(name: string, nth: number): Promise<void> {
  const { signal, complaints } = await begin({ name, nth }).ended;
  if (signal !== 'SIGKILL') throw new Error(`never came by: ${complaints}`);
}

/** Runs a process that nobody kills to its end, and gives the laws that are broken then. */
async function broken(): Promise<string[]> {
  const { code, complaints } = await begin(null).ended;
  if (code !== 0) throw new Error(`ended with ${code ?? 'a signal'}: ${complaints}`);
  return await violations(log.store.db, {
    items: new Map(world.items.map((item) => [item.url, item])),
    posts: world.posts,
  });
}

/** The long run (`npm run crash`) comes by all of them, in any order. */
const FIRST_POLL: readonly [string, number][] = [
  ['after appending FeedAdded', 1],
  ['after claiming feeds', 1],
  ['after keeping words', 1],
  ['after commit of claimed keys', 1],
  ['after appending ItemIngested', 1],
  ['after appending AlertSuppressed', 1],
];
const LATER: readonly [string, number][] = [
  ['after noting that a push came', 1],
  ['after noting a poll', 1],
  ['before appending ItemTextFetched', 1],
  ['before forgetting a page', 1],
  ['before the ingest job is over', 1],
  ['after queueing classify', 1],
  ['before commit of relay-items', 1],
  ['after appending ItemTagged', 1],
  ['before appending ItemAliased', 1],
  ['before the classify job is over', 1],
  ['after writing items', 1],
  ['before commit of projection:items', 2],
  ['after appending AlertRaised', 1],
  ['before commit of rules', 1],
  ['after planning deliveries', 1],
  ['after commit of relay-alerts', 1],
  ['after sending', 1],
  ['after appending AlertDelivered', 1],
  ['before the deliver job is over', 1],
];

/** On Redis those that a queue has a part in; the others are the same there. */
function points(all: readonly [string, number][]): readonly [string, number][] {
  const queued = /claiming|queueing|job is over|relay/;
  return inject('redisUrl') === null ? all : all.filter(([name]) => queued.test(name));
}

describe('a process that is killed at its first poll', () => {
  test.each(points(FIRST_POLL))('%s', async (name, nth) => {
    await killedAt(name, nth);
  });
  test('leaves what the next one makes whole', async () => {
    expect(await broken()).toEqual([]);
  });
});

describe('a process that is killed later', () => {
  test.each(points(LATER))('%s', async (name, nth) => {
    world.publish(2);
    await killedAt(name, nth);
  });
  test('leaves what the next one makes whole', async () => {
    expect(await broken()).toEqual([]);
  });
});
