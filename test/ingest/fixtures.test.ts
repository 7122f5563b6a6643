import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseFeed } from '../../src/ingest/parse.ts';
import type { ParseOptions } from '../../src/ingest/parse.ts';

const folder = fileURLToPath(new URL('../../fixtures/feeds/', import.meta.url));
const files = readdirSync(folder).filter((name) => !name.startsWith('.'));

interface Expected {
  readonly note: string;
  readonly options: ParseOptions;
  /** Title, language and items; and of the rest what the case is about. */
  readonly expect: Readonly<Record<string, unknown>>;
}

// A new oddity of the world's feeds is two files here and no code.
const cases = files.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length));

test('every fixture has what is expected of it beside it', () => {
  const documents = files.filter((name) => !name.endsWith('.json')).map((name) => name.replace(/\.\w+$/, ''));
  expect(documents.sort()).toEqual([...cases].sort());
});

test.each(cases)('fixture %s is read as its neighbour says', async (name) => {
  const document = files.find((file) => file.startsWith(`${name}.`) && !file.endsWith('.json'));
  const bytes = readFileSync(`${folder}${document ?? ''}`);
  const expected = JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Expected;
  const feed = await parseFeed(new Uint8Array(bytes), expected.options);
  const { title, language, items } = feed;
  const told = Object.entries(feed).filter(([part]) => part in expected.expect);
  expect({ ...Object.fromEntries(told), title, language, items }).toEqual(expected.expect);
});
