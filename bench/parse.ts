/**
 * Measures how fast feeds are read, with all guards, beside two parsers alone on the same document; bench/README.md tells
 * what the figures mean. The built files in dist are measured.
 *
 *   npx tsx bench/parse.ts [rounds]
 *
 * 20 rounds by default. Prints tables; everything else goes to stderr.
 */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseFeed as feedsmith } from 'feedsmith';
import Parser from 'rss-parser';
import { loadDossier } from '../src/dossier/load.ts';
import { publisherId } from '../src/events/ids.ts';
import type * as apart from '../src/ingest/apart.ts';
import type * as document from '../src/ingest/document.ts';
import type * as parse from '../src/ingest/parse.ts';
import { rssOf } from './feed-xml.ts';
import { newsWriter, outletsOf } from './news.ts';

const ROUNDS_DEFAULT = 20;
const ITEMS = 1_000;
const ITEMS_TYPICAL = 30;
const ITEMS_LARGE = 2_000;
const LATENCY_ROUNDS = 10;
/** Languages of the dossier, so that texts are of all its scripts. */
const OUTLETS = 5;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function built<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(resolve('dist/ingest', file)).href)) as T;
}
const { parseFeed } = await built<typeof parse>('parse.js');
const { readDocument } = await built<typeof document>('document.js');
const { endIdleParsers, parseFeedApart, readDocumentApart } = await built<typeof apart>('apart.js');

const dossier = await loadDossier(resolve('dossiers/shuttle-diplomacy'));
const outlets = outletsOf(dossier, OUTLETS);
const [outlet] = outlets;
assert(outlet !== undefined, 'the dossier has no outlet');
const until = new Date('2026-02-01T00:00:00Z');
const write = newsWriter({ dossier, outlets, seed: 1, count: ITEMS_LARGE, until });

function feedOf(count: number): string {
  return rssOf(
    outlet as NonNullable<typeof outlet>,
    Array.from({ length: count }, (_, n) => write(n)),
  );
}

const source: document.DocumentSource = {
  url: 'https://news.example/rss',
  contentType: 'text/xml',
  status: 200,
  publisher: publisherId('bench'),
  country: 'KR',
  lang: 'ko',
};

type Way = readonly [name: string, read: (text: string, bytes: Uint8Array) => Promise<number>];

const WAYS: readonly Way[] = [
  ['rss-parser alone', async (text) => (await new Parser().parseString(text)).items.length],
  ['feedsmith alone', (text) => Promise.resolve((feedsmith(text).feed as { items: unknown[] }).items.length)],
  ['parse, here', async (_, bytes) => (await parseFeed(bytes, source)).items.length],
  ['parse, apart', async (_, bytes) => (await parseFeedApart(bytes, source)).items.length],
  ['parse and normalise, here', async (_, bytes) => itemsIn(await readDocument(bytes, source, until))],
  ['parse and normalise, apart', async (_, bytes) => itemsIn(await readDocumentApart(bytes, source, until))],
];

function itemsIn(outcome: Awaited<ReturnType<typeof readDocument>>): number {
  assert(outcome.kind === 'read');
  return outcome.items.length;
}

/** Milliseconds of each way, the ways in turn so that what else the machine does meets all of them. */
async function times(ways: readonly Way[], text: string, rounds: number): Promise<Map<string, number[]>> {
  const bytes = new TextEncoder().encode(text);
  const took = new Map(ways.map(([name]) => [name, [] as number[]]));
  for (let round = -2; round < rounds; round += 1) {
    for (const [name, read] of ways) {
      const started = performance.now();
      assert((await read(text, bytes)) > 0);
      const ms = performance.now() - started;
      // The loop's turn, as between two polls.
      await setImmediate();
      // The first two warm up.
      if (round >= 0) took.get(name)?.push(ms);
    }
  }
  return took;
}

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

async function throughput(rounds: number): Promise<void> {
  const text = feedOf(ITEMS);
  print(`${ITEMS} items, ${Buffer.byteLength(text)} bytes, ${rounds} rounds: items/s, median and best`);
  for (const [name, ms] of await times(WAYS, text, rounds)) {
    const sorted = ms.sort((a, b) => a - b);
    const rate = (share: number): string => String(Math.round((ITEMS * 1000) / quantile(sorted, share)));
    print(`  ${name.padEnd(28)}${rate(0.5).padStart(8)}${rate(0).padStart(8)}`);
  }
}

async function latency(rounds: number): Promise<void> {
  const text = feedOf(ITEMS_TYPICAL);
  print(`${ITEMS_TYPICAL} items, ${Buffer.byteLength(text)} bytes: ms, median and p99`);
  const here = WAYS.filter(([name]) => name.startsWith('parse'));
  for (const [name, ms] of await times(here, text, rounds * LATENCY_ROUNDS)) {
    const sorted = ms.sort((a, b) => a - b);
    const [median, p99] = [0.5, 0.99].map((share) => quantile(sorted, share).toFixed(2).padStart(8));
    print(`  ${name.padEnd(28)}${median ?? ''}${p99 ?? ''}`);
  }
}

/** How long this process could do nothing else while a large document was read. */
async function delays(rounds: number): Promise<void> {
  const text = feedOf(ITEMS_LARGE);
  print(
    `${ITEMS_LARGE} items, ${Buffer.byteLength(text)} bytes: delay of the event loop in ms, p99 and most`,
  );
  for (const way of WAYS.filter(([name]) => name.startsWith('parse and'))) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await times([way], text, rounds);
    delay.disable();
    const [p99, most] = [delay.percentile(99), delay.max].map((ns) => (ns / 1e6).toFixed(1).padStart(8));
    print(`  ${way[0].padEnd(28)}${p99 ?? ''}${most ?? ''}`);
  }
}

const rounds = Number(process.argv[2] ?? ROUNDS_DEFAULT);
assert(Number.isInteger(rounds) && rounds > 0, 'rounds is a number above 0');
await throughput(rounds);
await latency(rounds);
await delays(rounds);
await endIdleParsers();
