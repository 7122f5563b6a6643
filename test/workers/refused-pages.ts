import { articlePage, ENGLISH, long } from './pages-server.ts';
import type { Served } from './pages-server.ts';

const body = (paragraphs: readonly string[], head = ''): Served => ({
  body: articlePage({ title: 'T', paragraphs, head }),
});
const paid = '<script type="application/ld+json">{"isAccessibleForFree": "False"}</script>';
/** Pages that are not the article: their names, the kind of miss that they are, and what is served. */
export const REFUSED_PAGES: readonly (readonly [string, string, Served | undefined])[] = [
  ['paid', 'paywall', body(ENGLISH, paid)],
  [
    'stub',
    'paywall',
    body(['Three ministers met.', 'Subscribe to continue reading this article. '.repeat(8)]),
  ],
  ['stub-ja', 'paywall', body([...long('三人の外相が会談した。', 12), 'この記事は有料会員限定です。'])],
  ['consent', 'consent', body(long('Before you continue to our site, accept all cookies of our partners.'))],
  [
    'short',
    'too-little',
    body(['A ferry left the harbour with all of the ministers and their many bags on board.']),
  ],
  ['lead', 'same', body(['By our own reporter.'])],
  ['kept', 'robots', body(ENGLISH, '<meta name="robots" content="noarchive">')],
  ['closed/page', 'robots', body(ENGLISH)],
  ['missing', 'gone', undefined],
  ['forbidden', 'refused', { status: 403 }],
  ['pdf', 'unreadable', { body: '%PDF-1.7', headers: { 'content-type': 'application/pdf' } }],
  ['deep', 'unreadable', { body: `<html><body>${'<div>'.repeat(10_000)}` }],
  ['script', 'too-little', { body: '<html><body><script>for (;;) fetch("/ran")</script><img src="/ran">' }],
];
