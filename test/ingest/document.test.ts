import { expect, test } from 'vitest';
import { publisherId } from '../../src/events/ids.ts';
import { readDocument } from '../../src/ingest/document.ts';
import type { DocumentSource } from '../../src/ingest/document.ts';

const now = new Date('2026-01-12T10:00:00Z');
const source: DocumentSource = {
  url: 'https://hanbit.example.kr/rss',
  contentType: 'text/xml',
  status: 200,
  publisher: publisherId('hanbit'),
  country: 'KR',
  lang: 'ko',
};

test('a document becomes identified items, with the zone and the language of its publisher', async () => {
  const xml = `<rss version="2.0"><channel><title>한빛</title>
    <item><title>首腦會談</title><link>/1?utm_source=rss</link><pubDate>2026-01-12 18:00</pubDate></item>
    <item><title>首腦會談</title><link>/1</link></item>
    <item><guid>3</guid></item></channel></rss>`;
  expect(await readDocument(Buffer.from(xml), source, now)).toMatchObject({
    kind: 'read',
    title: '한빛',
    items: [
      {
        key: 'url hanbit.example.kr/1',
        item: { url: 'https://hanbit.example.kr/1', published: '2026-01-12T09:00:00.000Z', lang: 'ko' },
      },
    ],
    dropped: 2,
  });
});

test('a document that is no feed is trouble with its reason', async () => {
  expect(await readDocument(Buffer.from('<html><body>점검'), source, now)).toEqual({
    kind: 'unreadable',
    trouble: {
      isPage: true,
      kind: 'hard',
      reason: 'https://hanbit.example.kr/rss: a web page, not a feed',
      status: 200,
      evidence: '<html><body>점검',
    },
  });
});
