import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUrl, isWanted } from './archive.ts';
import { violations } from './invariants.ts';
import type { Expected } from './invariants.ts';
import { startPlace } from './place.ts';
import type { Place } from './place.ts';
import { endAll, startProduct } from './process.ts';
import type { Archive, Product } from './process.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

const FEEDS = 2;
const ITEMS = 2_000;

let place: Place;
let world: World;
let runs = 0;

beforeAll(async () => {
  world = await openWorld(FEEDS, 4);
  place = await startPlace();
  // What is there at the first look is old news; all that comes later is not.
  await wholeAfter(begin(null));
});
afterAll(async () => {
  endAll();
  await place.close();
  await world.close();
});

/** A process that follows the feeds, and imports items of the archive meanwhile where it is told to. */
function begin(archive: Archive | null): Product {
  const product = startProduct();
  runs += 1;
  product.begin({
    url: place.url,
    redisUrl: null,
    dossier: world.folder,
    hook: world.hook,
    aheadMs: runs * 600_000,
    pollMs: 1_000,
    quietMs: 25_000,
    failpoint: null,
    leavesClaims: archive !== null,
    archive,
  });
  return product;
}

function expected(archived: number): Expected['items'] {
  return new Map<string, { old: boolean; wanted: boolean }>([
    ...world.items.map((item) => [item.url, item] as const),
    ...Array.from(
      { length: archived },
      (_, index) => [archiveUrl(index), { old: true, wanted: isWanted(index) }] as const,
    ),
  ]);
}

/** Lets a process that nothing happens to make whole what is not, and gives the laws that are broken then. */
async function broken(archived: number): Promise<string[]> {
  await wholeAfter(begin(null));
  return await place.withStore(({ db }) =>
    violations(db, { items: expected(archived), posts: world.posts }),
  );
}

async function wholeAfter(product: Product): Promise<void> {
  const { code, signal, complaints } = await product.ended;
  if (code !== 0) throw new Error(`ended with ${code ?? signal ?? ''}: ${complaints}`);
}

test('connections that are cut again and again end nothing and lose nothing', async () => {
  const product = begin({ from: 0, to: 1_000, of: ITEMS });
  await product.until('started');
  for (let cut = 0; cut < 8; cut++) {
    world.publish(1);
    await setTimeout(100);
    await place.endConnections(5);
  }
  await wholeAfter(product);
  expect(await broken(1_000)).toEqual([]);
}, 60_000);
test('a server that is killed and comes back ends nothing and loses nothing', async () => {
  const product = begin({ from: 1_000, to: 1_500, of: ITEMS });
  await product.until('started');
  world.publish(2);
  await place.killPostmaster();
  await wholeAfter(product);
  expect(await broken(1_500)).toEqual([]);
}, 60_000);
test('queues that are dropped while the product runs are made anew, and what was in them is done', async () => {
  const product = begin({ from: 1_500, to: 2_000, of: ITEMS });
  await product.until('imported');
  world.publish(2);
  await place.run('drop schema sw_queue cascade');
  await wholeAfter(product);
  expect(await broken(2_000)).toEqual([]);
}, 60_000);
