// Kills the product hundreds of times while it works, lets it come to rest, and gives a verdict: `npm run crash`.
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Redis } from 'ioredis';
import { random } from '../../bench/random.ts';
import { QUEUE_SCHEMA } from '../../src/workers/queue-backend.ts';
import { buildPrograms } from '../support/program.ts';
import { debianRedis, startRedis } from '../support/redis.ts';
import type { RedisServer } from '../support/redis.ts';
import { archiveUrl, isWanted } from './archive.ts';
import { FAILPOINTS } from './failpoints.ts';
import { ROLES } from '../../src/workers/roles.ts';
import { violations } from './invariants.ts';
import type { ExpectedItem } from './item-laws.ts';
import { startPlace } from './place.ts';
import type { Place } from './place.ts';
import { startProduct } from './process.ts';
import type { Ended, Orders, Product } from './process.ts';
import { endAll } from './talk.ts';
import { openWorld } from './world.ts';
import type { World } from './world.ts';

const FEEDS = 4;
const CLOCK_STEP_MS = 10 * 60_000;
const RUN_MS_MAX = 60_000;
const REST_MS_MAX = 10 * 60_000;
const CHUNK_ITEMS_MIN = 500;
const TOLD_CHARS_MAX = 2_000;

const { values: flags } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    items: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    queues: { type: 'string', default: 'postgres' },
    minutes: { type: 'string', default: '60' },
  },
});
const kills = Number(flags.kills);
const items = Number(flags.items);
const source = random(Number(flags.seed));
const until = performance.now() + Number(flags.minutes) * 60_000;
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** Ways to be killed, each as often as it is here. */
const KINDS = [
  ...Array.from({ length: 8 }, () => 'failpoint' as const),
  ...Array.from({ length: 5 }, () => 'process' as const),
  ...Array.from({ length: 3 }, () => 'two processes' as const),
  ...Array.from({ length: 2 }, () => 'connections' as const),
  'postmaster' as const,
  'queues lost' as const,
];
type Kind = (typeof KINDS)[number];

interface Run {
  readonly place: Place;
  readonly world: World;
  readonly redisUrl: string | null;
  readonly done: Map<string, number>;
  /** Ends that nobody asked for: a process that gave up by itself. */
  readonly unasked: string[];
  imported: number;
  clock: number;
  next: Product;
}

function begin(run: Run, change: Partial<Orders> = {}): Product {
  const product = run.next;
  run.next = startProduct();
  product.begin({
    url: run.place.url,
    redisUrl: run.redisUrl,
    dossier: run.world.folder,
    hook: run.world.hook,
    callbackPort: run.world.callbackPort,
    pushesLeft: run.world.pushesLeft,
    aheadMs: run.clock * CLOCK_STEP_MS,
    pollMs: 60_000,
    failpoint: null,
    roles: ROLES,
    leavesClaims: true,
    quietMs: RUN_MS_MAX,
    archive: null,
    ...change,
  });
  return product;
}

/** Waits for a process, a minute at most, and notes how far its import got. */
async function ended(run: Run, product: Product): Promise<Ended> {
  const late = new AbortController();
  void setTimeout(RUN_MS_MAX, undefined, { signal: late.signal }).then(
    () => product.process.kill('SIGKILL'),
    () => undefined,
  );
  const end = await product.ended;
  late.abort();
  for (const word of end.words)
    if (word.said === 'imported') run.imported = Math.max(run.imported, word.done);
  if (end.signal === null && end.code !== 0) run.unasked.push(end.complaints.slice(-TOLD_CHARS_MAX));
  return end;
}

async function loseQueues({ place, redisUrl }: Run): Promise<void> {
  if (redisUrl === null) {
    await place.run(`drop schema ${QUEUE_SCHEMA} cascade`);
    return;
  }
  const client = new Redis(redisUrl);
  await client.flushall();
  client.disconnect();
}

const disturbances: Record<Exclude<Kind, 'failpoint'>, (run: Run) => Promise<unknown>> = {
  process: () => Promise.resolve(),
  'two processes': () => Promise.resolve(),
  connections: ({ place }) => place.endConnections(1 + source.below(6)),
  postmaster: ({ place }) => place.killPostmaster(),
  'queues lost': loseQueues,
};

/** One life of a process (or two) and its end; gives whether it was killed as meant. */
async function kill(run: Run, kind: Kind): Promise<boolean> {
  run.clock += 1;
  run.world.publish(1 + source.below(3));
  const chunk = Math.max(CHUNK_ITEMS_MIN, Math.ceil((items * 1.5) / kills));
  const to = Math.min(items, run.imported + chunk);
  const archive = to > run.imported ? { from: run.imported, to, of: items } : null;
  if (kind === 'failpoint') {
    const failpoint = { name: source.pick(FAILPOINTS), nth: 1 + source.below(3) };
    const { signal } = await ended(run, begin(run, { failpoint, archive }));
    return signal === 'SIGKILL';
  }
  const products = [begin(run, { archive })];
  if (kind === 'two processes') products.push(begin(run));
  await Promise.all(products.map((product) => product.until('started')));
  for (const product of products) {
    await setTimeout(source.below(1_500));
    await disturbances[kind](run);
    if (kind !== 'process' && kind !== 'two processes') await setTimeout(source.below(2_000));
    product.process.kill('SIGKILL');
  }
  const ends = await Promise.all(products.map((product) => ended(run, product)));
  return ends.some(({ signal }) => signal === 'SIGKILL');
}

async function atRest(run: Run): Promise<Ended> {
  run.clock += 1;
  const archive = run.imported < items ? { from: run.imported, to: items, of: items } : null;
  return await begin(run, { archive, leavesClaims: false, quietMs: REST_MS_MAX }).ended;
}

async function verdict(run: Run, killed: number): Promise<boolean> {
  const before = performance.now();
  const rest = await atRest(run);
  say(`at rest after ${Math.round((performance.now() - before) / 1000)} s, exit code ${rest.code ?? '?'}`);
  if (rest.code !== 0) say(rest.complaints.slice(-TOLD_CHARS_MAX));
  const known = new Map<string, ExpectedItem>(run.world.items.map((item) => [item.url, item]));
  for (let index = 0; index < items; index++) {
    known.set(archiveUrl(index), { old: true, wanted: isWanted(index) });
  }
  const { posts } = run.world;
  const broken = await run.place.withStore(({ db }) => violations(db, { items: known, posts }));
  const raised = new Set(posts.map(({ alert }) => alert)).size;
  say(`${killed} kills: ${[...run.done].map(([kind, times]) => `${times} ${kind}`).join(', ')}`);
  say(`${known.size} items, ${raised} alerts, ${posts.length} posts; ${run.unasked.length} unasked ends`);
  for (const complaint of run.unasked.slice(0, 3)) say(`unasked end: ${complaint}`);
  for (const each of broken) say(`BROKEN: ${each}`);
  const good = broken.length === 0 && rest.code === 0 && run.unasked.length === 0 && killed >= kills;
  say(good ? 'every law holds' : 'FAILED');
  return good;
}

async function redisIfAsked(): Promise<RedisServer | null> {
  if (flags.queues !== 'redis') return null;
  const binary = debianRedis();
  if (binary === null) throw new Error('there is no redis-server to start');
  return await startRedis(binary);
}

async function main(): Promise<boolean> {
  await buildPrograms();
  const redis = await redisIfAsked();
  const world = await openWorld(FEEDS, 10);
  const place = await startPlace();
  const run: Run = {
    place,
    world,
    redisUrl: redis?.url ?? null,
    done: new Map(),
    unasked: [],
    imported: 0,
    clock: 0,
    next: startProduct(),
  };
  try {
    // What is there at the first look is old news; all that comes later is not.
    await begin(run, { leavesClaims: false }).ended;
    let killed = 0;
    while (killed < kills && performance.now() < until) {
      const kind = source.pick(KINDS);
      if (!(await kill(run, kind))) continue;
      killed += 1;
      run.done.set(kind, (run.done.get(kind) ?? 0) + 1);
      if (killed % 10 === 0) say(`${killed} kills, ${run.imported} of ${items} items imported`);
    }
    return await verdict(run, killed);
  } finally {
    endAll();
    await place.close();
    await world.close();
    await redis?.stop();
  }
}

process.exitCode = (await main()) ? 0 : 1;
