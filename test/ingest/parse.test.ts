import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseFeed } from '../../src/ingest/parse.ts';
import {
  FEED_BYTES_MAX,
  FEED_ITEMS_MAX,
  FeedParseError,
  SUMMARY_CHARS_MAX,
  TITLE_CHARS_MAX,
} from '../../src/ingest/parsed.ts';
import type { ParsedFeed } from '../../src/ingest/parsed.ts';
import { filled, secondReading } from '../../src/ingest/second-reader.ts';
import { sitemapsIn } from '../../src/ingest/sitemap.ts';

const url = 'https://feeds.example.net/all.xml';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string): Promise<ParsedFeed> => parseFeed(bytesOf(text), { url });
const rss = (inside: string): string =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>${inside}</channel></rss>`;

describe('what is no feed is refused by name', () => {
  test.each([
    ['empty', ''],
    ['empty', ' \n '],
    ['html', '<!DOCTYPE html><html><body><p>Sign in</p></body></html>'],
    ['not-a-feed', 'Service unavailable'],
    ['not-a-feed', '{"error":"no such feed"}'],
    ['not-a-feed', '<opml version="2.0"><body/></opml>'],
    ['html', '<!DOCTYPE html><html><rdf:RDF><cc:Work/></rdf:RDF><p>CC BY</p></html>'],
    ['sitemap', '<urlset><url><loc>https://x.example/</loc></url></urlset>'],
  ])('%s: %s', async (fault, text) => {
    const error: unknown = await parse(text).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FeedParseError);
    expect(error).toMatchObject({ fault, message: expect.stringContaining(url) as string });
  });

  test('too large', async () => {
    await expect(parseFeed(new Uint8Array(FEED_BYTES_MAX + 1))).rejects.toMatchObject({ fault: 'too-large' });
  });
});

test('an index of sitemaps is refused with the names of its children', async () => {
  const index =
    '<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>/news.xml?a=1&amp;b=2</loc><lastmod>2026-01-13</lastmod></sitemap><sitemap><loc> https://x.example/all.xml </loc></sitemap><sitemap><loc>javascript:x</loc></sitemap></sitemapindex>';
  const children = ['https://feeds.example.net/news.xml?a=1&b=2', 'https://x.example/all.xml'];
  expect(sitemapsIn(index, url)).toEqual(children);
  await expect(parse(index)).rejects.toMatchObject({
    fault: 'sitemap-index',
    message: expect.stringContaining(children.join(', ')) as string,
  });
  expect(sitemapsIn(rss('<item><loc>https://x.example/</loc></item>'), url)).toEqual([]);
});

test('a feed that is a gzip file of itself is unpacked, as far as it came and as far as is allowed', async () => {
  const packed = gzipSync(rss(`<item><title>${'x'.repeat(500)}</title></item>`.repeat(50)));
  expect((await parseFeed(packed, { url })).items.length).toBe(50);
  expect((await parseFeed(packed.subarray(0, -10), { url })).items.length).toBeGreaterThan(0);
  await expect(parseFeed(gzipSync(new Uint8Array(FEED_BYTES_MAX + 1)), { url })).rejects.toMatchObject({
    fault: 'too-large',
  });
  await expect(parseFeed(Buffer.from([0x1f, 0x8b, 1, 2, 3]), { url })).rejects.toMatchObject({
    fault: 'unreadable',
  });
});

test('GDELT answers {} where nothing matches: a list without items, and nowhere else a feed', async () => {
  const asked = 'https://api.example.org/doc?query=summit&mode=ArtList&format=json';
  expect((await parseFeed(bytesOf('{}'), { url: asked })).items).toEqual([]);
  await expect(parse('{}')).rejects.toMatchObject({ fault: 'not-a-feed' });
  await expect(parse('{"articles":[{"title":"of another API"}]}')).rejects.toMatchObject({
    fault: 'not-a-feed',
  });
});

describe('the second reader', () => {
  const options = { url, zoneOffsetMinutes: 540, itemsMax: 10 };

  test('reads each dialect as the first does', async () => {
    const documents = [
      rss(
        '<link>https://x.example/</link><item><title>A <b>b</b></title><link>/1</link><guid isPermaLink="false">1</guid><pubDate>2026-01-13 15:20</pubDate><description>&lt;p&gt;c&lt;/p&gt;</description><source url="https://y.example">Y</source></item>',
      ),
      '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="ja" xml:base="https://x.example/"><title>t</title><entry><id>u:1</id><title>A</title><link rel="self" href="s"/><link href="1"/><updated>2026-01-13T15:20:00+09:00</updated><summary>c</summary></entry></feed>',
      '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>t</title><link>https://x.example/</link></channel><item rdf:about="https://x.example/1"><title>A</title><link>https://x.example/1</link><dc:date>2026-01-13T15:20:00+09:00</dc:date></item></rdf:RDF>',
    ];
    for (const document of documents) {
      const { title, language, items } = await parseFeed(bytesOf(document), options);
      expect(secondReading(document, options)).toEqual({ title, language, items });
      expect(items[0]).toMatchObject({ link: 'https://x.example/1', published: '2026-01-13T06:20:00.000Z' });
    }
    expect(secondReading('no feed', options)).toBeNull();
  });

  test('fills what the first left open, and nothing where it saw other items', () => {
    const first = secondReading(rss('<item><guid isPermaLink="false">1</guid></item>'), options);
    const second = secondReading(
      rss('<item><title>A</title><link>https://x.example/1</link></item>'),
      options,
    );
    if (first === null || second === null) throw new Error('both are feeds');
    expect(filled(first, second).items[0]).toMatchObject({
      id: '1',
      title: 'A',
      link: 'https://x.example/1',
    });
    const none = { ...second, items: [] };
    expect(filled(first, none)).toBe(first);
  });
});

test('of too many items the first are kept, of too many words the beginning', async () => {
  const item = (n: number): string => `<item><title>${n} ${'가'.repeat(n === 0 ? 5_000 : 1)}</title></item>`;
  const many = await parse(rss(Array.from({ length: FEED_ITEMS_MAX + 50 }, (_, n) => item(n)).join('')));
  expect(many.items.length).toBe(FEED_ITEMS_MAX);
  expect(many.behind).toBe(50);
  expect(many.items[0]?.title.length).toBe(TITLE_CHARS_MAX);
  const long = await parse(rss(`<item><description>${'a '.repeat(50_000)}</description></item>`));
  expect(long.items[0]?.summary.length).toBeLessThanOrEqual(SUMMARY_CHARS_MAX);
});

const document = rss(
  `<link>https://x.example/</link><language>ko</language>
   <item><title><![CDATA[하나 & <b>둘</b>]]></title><link>/1</link><guid isPermaLink="false">1</guid><pubDate>Mon, 12 Jan 2026 18:00:00 +0900</pubDate><description>&lt;p&gt;셋&lt;/p&gt;</description></item>
   <item><title>넷</title><link>/2?a=1&amp;b=2</link><guid>https://x.example/2</guid></item>`,
);

test('a document cut off anywhere gives what had arrived, or an error of its own', async () => {
  const bytes = bytesOf(document);
  const whole = await parse(document);
  for (let length = 0; length < bytes.length; length += 10) {
    const outcome: unknown = await parseFeed(bytes.subarray(0, length), { url }).catch(
      (thrown: unknown) => thrown,
    );
    if (outcome instanceof FeedParseError) continue;
    const { items } = outcome as ParsedFeed;
    // All but the last were whole when the cut came.
    expect(items.slice(0, -1)).toEqual(whole.items.slice(0, Math.max(items.length - 1, 0)));
  }
});

/** A document as an editor's accident would leave it: pieces of it doubled, lost or moved. */
const mangled = fc
  .array(
    fc.tuple(
      fc.nat(document.length),
      fc.nat(60),
      fc.constantFrom('', '<', '>', '&', '"', '\0', ']]>', '<item>', '</'),
    ),
  )
  .map((edits) =>
    edits.reduce(
      (text, [at, length, instead]) => text.slice(0, at) + instead + text.slice(at + length),
      document,
    ),
  );

function expectSound(feed: ParsedFeed): void {
  for (const item of feed.items) {
    const texts = [item.title, item.summary, item.content ?? '', item.id ?? ''];
    for (const text of texts) {
      expect(text).not.toMatch(/\0/);
      expect(Buffer.from(text).toString()).toBe(text);
    }
    expect(item.link === null || /^https?:\/\//.test(item.link)).toBe(true);
    expect(item.published === null || new Date(item.published).toISOString() === item.published).toBe(true);
  }
}

test('whatever the bytes, the answer is a sound feed or a FeedParseError', async () => {
  const anything = fc.oneof(
    mangled.map(bytesOf),
    fc.uint8Array({ maxLength: 500 }),
    fc
      .string({ unit: 'binary', maxLength: 200 })
      .map((text) => bytesOf(rss(`<item><title>${text}</title></item>`))),
    fc.json().map((json) => bytesOf(`{"items":[${json}]}`)),
  );
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const outcome: unknown = await parseFeed(bytes, { url }).catch((thrown: unknown) => thrown);
      if (!(outcome instanceof FeedParseError)) expectSound(outcome as ParsedFeed);
    }),
    { numRuns: 1_000 },
  );
});
