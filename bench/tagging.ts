/**
 * Tagging an item of a kilobyte with everything that belongs to it, beside what two libraries take only to find the same
 * texts in it; bench/README.md tells what the figures mean. The built files in dist are measured.
 *
 *   npx tsx bench/tagging.ts [rounds] [bytes] [rounds before]
 *
 * 20 rounds of items of 1,024 bytes after 10 that are not counted by default. Prints a table for each kind of items.
 */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { AhoCorasick as Monyone } from '@monyone/aho-corasick';
import { AhoCorasick as MonyoneFast } from '@monyone/aho-corasick/fast';
import Modern from 'modern-ahocorasick';
import type * as fieldText from '../src/classify/field-text.ts';
import type * as gazetteer from '../src/classify/gazetteer.ts';
import type * as normalize from '../src/classify/normalize.ts';
import type * as scan from '../src/classify/scan.ts';
import type * as tagger from '../src/classify/tagger.ts';
import { loadDossier } from '../src/dossier/load.ts';
import { KINDS, SCRIPTS, textsOf, type Kind, type Script, type Text } from './tagging-texts.ts';

const ROUNDS_DEFAULT = 20;
const BYTES_DEFAULT = 1_024;
/** Rounds that are not counted: the compiler is at work, and still is for some hundred more. */
const WARM_UP_ROUNDS_DEFAULT = 10;
/** Items of a round, none of which comes again. */
const ITEMS = 40;

const print = (line: string): void => void process.stdout.write(`${line}\n`);

async function built<T>(file: string): Promise<T> {
  return (await import(pathToFileURL(resolve('dist/classify', file)).href)) as T;
}
const { compileGazetteer } = await built<typeof gazetteer>('gazetteer.js');
const { FieldRoom } = await built<typeof fieldText>('field-text.js');
const { foldedText, Folding } = await built<typeof normalize>('normalize.js');
const { scan: scanned } = await built<typeof scan>('scan.js');
const { createTagger } = await built<typeof tagger>('tagger.js');

const dossier = await loadDossier(resolve('dossiers/shuttle-diplomacy'));
const compiled = compileGazetteer(dossier);
const whole = createTagger(dossier);
const patterns = [...new Set([...compiled.texts, ...compiled.wordTexts])];
const modern = new Modern(patterns);
const monyone = new Monyone(patterns);
const monyoneFast = new MonyoneFast(patterns);
const room = new Folding();
const field = new FieldRoom();

/** An item as it comes, and folded for those who cannot do that: their patterns are folded too. */
interface Item extends Text {
  readonly script: Script;
  readonly folded: string;
}

/** Gives how many things it found, so that no work can be left out. */
type Way = (item: Item) => number;

const LIBRARIES: Readonly<Record<string, Way>> = {
  'modern-ahocorasick': ({ folded }) => modern.search(folded).length,
  '@monyone/aho-corasick': ({ folded }) => monyone.matchInText(folded).length,
  '@monyone, fast': ({ folded }) => monyoneFast.matchInText(folded).length,
};
/** Finds the texts in what is folded already, as the libraries do: at each place where one may begin. */
function found(text: string): number {
  const { units, length } = room.read(text);
  let count = 0;
  for (let at = 0; at < length; at++) count += compiled.trie.readFrom(units, length, at);
  return count;
}

const OWN: Readonly<Record<string, Way>> = {
  'matching at every unit': ({ folded }) => found(folded),
  'matching, folding included': ({ title, text, script }) =>
    scanned(field.read(title, compiled.lexicon), compiled, script).hits.length +
    scanned(field.read(text, compiled.lexicon), compiled, script).hits.length,
  'whole tagging': ({ title, text, script }) =>
    whole.tag({ title, text, lang: script, date: '2026-01-13T09:00:00Z' }).tags.length,
};
const WAYS = Object.entries({ ...LIBRARIES, ...OWN });

function itemsOf(script: Script, kind: Kind, bytes: number, seed: number): readonly Item[] {
  const texts = textsOf(dossier, script, kind, { bytes, count: ITEMS, seed });
  return texts.map((text) => ({ ...text, script, folded: foldedText(`${text.title} ${text.text}`) }));
}

interface Size {
  readonly rounds: number;
  readonly bytes: number;
  /** Rounds before those that count. */
  readonly warmUp: number;
}

/** Microseconds an item by each way: the least of the rounds, as whatever else the machine does only adds. */
function measure(script: Script, kind: Kind, { rounds, bytes, warmUp }: Size): ReadonlyMap<string, number> {
  const least = new Map<string, number>();
  for (let round = -warmUp; round < rounds; round++) {
    const items = itemsOf(script, kind, bytes, round + warmUp + 1);
    for (const [name, way] of WAYS) {
      const started = performance.now();
      const found = items.reduce((sum, item) => sum + way(item), 0);
      const each = ((performance.now() - started) * 1_000) / ITEMS;
      assert(found > 0, `${name} found nothing`);
      if (round >= 0) least.set(name, Math.min(each, least.get(name) ?? Infinity));
    }
  }
  return least;
}

function row(name: string, cells: readonly string[]): string {
  return name.padEnd(30) + cells.map((cell) => cell.padStart(8)).join('');
}

function report(kind: Kind, size: Size): void {
  const results = SCRIPTS.map((script) => measure(script, kind, size));
  print(row(`µs an item, ${kind}`, SCRIPTS));
  for (const [name] of WAYS)
    print(
      row(
        name,
        results.map((least) => (least.get(name) ?? NaN).toFixed(1)),
      ),
    );
  print(row('whole tagging, over', []));
  for (const name of Object.keys(LIBRARIES)) {
    const ratio = (least: ReadonlyMap<string, number>): string =>
      ((least.get('whole tagging') ?? NaN) / (least.get(name) ?? NaN)).toFixed(2);
    print(row(`  ${name}`, results.map(ratio)));
  }
}

function main(size: Size): void {
  const { rounds, bytes, warmUp } = size;
  assert(Number.isInteger(rounds) && rounds > 0, 'rounds is a number above 0');
  assert(Number.isInteger(bytes) && bytes >= 100, 'bytes is a number from 100');
  assert(Number.isInteger(warmUp) && warmUp >= 0, 'the rounds before are a number from 0');
  print(
    `${patterns.length} texts to find, items of ${bytes} bytes, least of ${rounds} rounds behind ${warmUp}`,
  );
  for (const kind of Object.keys(KINDS) as Kind[]) report(kind, size);
}

const [, , rounds = ROUNDS_DEFAULT, bytes = BYTES_DEFAULT, warmUp = WARM_UP_ROUNDS_DEFAULT] = process.argv;
main({ rounds: Number(rounds), bytes: Number(bytes), warmUp: Number(warmUp) });
