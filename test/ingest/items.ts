import type { FeedItem } from '../../src/ingest/normalize.ts';

/** An item with these differences from an ordinary one. */
export function anItem(differences: Partial<FeedItem> = {}): FeedItem {
  return {
    guid: 'g-1',
    url: 'https://news.example.kr/world/1',
    title: 'Vice-ministers meet in Seoul',
    summary: 'They talked for two hours.',
    published: '2026-01-12T09:00:00.000Z',
    lang: 'en',
    ...differences,
  };
}
