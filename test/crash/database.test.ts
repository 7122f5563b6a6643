import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { archiveUrl, isWanted } from './archive.ts';
import { ROLES } from '../../src/workers/roles.ts';
import { violations } from './invariants.ts';
import type { Expected } from './invariants.ts';
import type { ExpectedItem } from './item-laws.ts';
import { startPlace } from './place.ts';
import type { Place } from './place.ts';
import { startProduct } from './process.ts';
import type { Archive, Product } from './process.ts';
import { QUEUE_SCHEMA } from '../../src/workers/queue-backend.ts';
import { fileRedis, loseQueues } from '../support/queue-place.ts';
import { endAll } from './talk.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

const FEEDS = 2;
const ITEMS = 1_500;
const CUT_GAP_MS = 100;

let place: Place;
let world: World;
let runs = 0;

beforeAll(async () => {
  await loseQueues(null);
  world = await openWorld(FEEDS, 4);
  place = await startPlace();
  // What is there at the first look is old news; all that comes later is not.
  await wholeAfter(begin(null));
}, 120_000);
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
    redisUrl: fileRedis(),
    dossier: world.folder,
    hook: world.hook,
    callbackPort: world.callbackPort,
    pushesLeft: world.pushesLeft,
    aheadMs: runs * 600_000,
    // A process that nothing happens to polls each feed once: with pauses as short as the time between two looks for due feeds
    // there may be no moment at which none is due.
    pollMs: archive === null ? 60_000 : 1_000,
    quietMs: 60_000,
    failpoint: null,
    roles: ROLES,
    leavesClaims: archive !== null,
    archive,
  });
  return product;
}

function expected(archived: number): Expected['items'] {
  return new Map<string, ExpectedItem>([
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
  return await place.withStore(({ db }) => violations(db, { items: expected(archived), posts: world.posts }));
}

async function loseAllQueues(): Promise<void> {
  if (fileRedis() === null) await place.run(`drop schema ${QUEUE_SCHEMA} cascade`);
  else await loseQueues(null);
}

async function wholeAfter(product: Product): Promise<void> {
  const { code, signal, complaints } = await product.ended;
  if (code !== 0) throw new Error(`ended with ${code ?? signal ?? ''}: ${complaints}`);
}

test('connections that are cut, a server that is killed and queues that are gone end nothing and lose nothing', async () => {
  const product = begin({ from: 0, to: ITEMS, of: ITEMS });
  await product.until('started');
  for (let cut = 0; cut < 5; cut++) {
    world.publish(1);
    await setTimeout(CUT_GAP_MS);
    await place.endConnections(5);
  }
  await place.killPostmaster();
  world.publish(2);
  await product.until('imported');
  await loseAllQueues();
  world.publish(2);
  await wholeAfter(product);
  expect(await broken(ITEMS)).toEqual([]);
}, 240_000);
