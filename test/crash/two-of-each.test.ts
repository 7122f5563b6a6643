import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Role } from '../../src/workers/roles.ts';
import { fileRedis, loseQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';
import { violations } from './invariants.ts';
import { startProduct } from './process.ts';
import { endAll } from './talk.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

/** Two processes a role, none of which can do it all alone. */
const SHIFTS: readonly (readonly Role[])[] = [
  ['ingest', 'deliver'],
  ['classify', 'follow'],
];

const log = useStore();
let world: World;

beforeAll(async () => {
  await loseQueues(null);
  world = await openWorld(3, 20);
});
afterAll(async () => {
  endAll();
  await world.close();
});

/** Runs two processes a role until there is nothing left to do; gives what those had to say that did not end well. */
async function work(aheadMs: number): Promise<string[]> {
  const products = [...SHIFTS, ...SHIFTS].map((roles) => {
    const product = startProduct();
    product.begin({
      url: log.url,
      redisUrl: fileRedis(),
      dossier: world.folder,
      hook: world.hook,
      callbackPort: world.callbackPort,
      pushesLeft: world.pushesLeft,
      roles,
      aheadMs,
      pollMs: 60_000,
      leavesClaims: false,
      quietMs: 60_000,
      failpoint: null,
      archive: null,
    });
    return product.ended;
  });
  const ends = await Promise.all(products);
  return ends.flatMap(({ code, complaints }) => (code === 0 ? [] : [complaints]));
}

test('two processes for each role, each with half of the roles, do what one with all of them does', async () => {
  expect(await work(0)).toEqual([]);
  world.publish(6);
  // When all feeds are due again.
  expect(await work(600_000)).toEqual([]);
  const items = new Map(world.items.map((item) => [item.url, item]));
  expect(await violations(log.store.db, { items, posts: world.posts })).toEqual([]);
  expect(world.posts.length).toBeGreaterThan(0);
}, 180_000);
