import type { NewsItem, Outlet } from './news.ts';

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function rssItem({ title, summary, url, guid, date }: NewsItem): string {
  return (
    `<item><title>${escaped(title)}</title><link>${escaped(url)}</link><guid isPermaLink="false">${guid}</guid>` +
    `<pubDate>${new Date(date).toUTCString()}</pubDate><description>${escaped(summary)}</description></item>`
  );
}

function atomEntry({ title, summary, url, guid, date }: NewsItem): string {
  return (
    `<entry><title>${escaped(title)}</title><link href="${escaped(url)}"/><id>${guid}</id>` +
    `<updated>${date}</updated><published>${date}</published><summary>${escaped(summary)}</summary></entry>`
  );
}

/** `items` as the RSS 2.0 of an outlet. */
export function rssOf({ name, host, lang }: Outlet, items: readonly NewsItem[]): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0"><channel><title>${escaped(name)}</title>` +
    `<link>https://${host}/</link><description>${escaped(name)}</description><language>${lang}</language>\n` +
    `${items.map(rssItem).join('\n')}\n</channel></rss>\n`
  );
}

/** `items` as the Atom of an outlet. */
export function atomOf({ name, host, lang }: Outlet, items: readonly NewsItem[]): string {
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${lang}">` +
    `<title>${escaped(name)}</title><id>https://${host}/</id><link href="https://${host}/"/>` +
    `<updated>${items.at(-1)?.date ?? '2026-01-01T00:00:00Z'}</updated>\n` +
    `${items.map(atomEntry).join('\n')}\n</feed>\n`
  );
}

/** The dossier's list of feeds with these outlets alone, each polled at `origin`/<its number>.xml. */
export function opmlOf(outlets: readonly Outlet[], origin: string): string {
  const publishers = new Map<string, string[]>();
  for (const [index, { feed, publisher, name, host, country, lang }] of outlets.entries()) {
    const lines = publishers.get(publisher) ?? [
      `<outline text="${escaped(name)}" sw:publisher="${publisher}" sw:family="${publisher}" ` +
        `sw:country="${country}" sw:stateRun="false" sw:hosts="${host}">`,
    ];
    lines.push(
      `<outline type="rss" text="${escaped(name)}" sw:feed="${feed}" language="${lang}" ` +
        `xmlUrl="${origin}/${index}.xml" sw:seen="made for a benchmark" sw:unverified="false"/>`,
    );
    publishers.set(publisher, lines);
  }
  const body = [...publishers.values()].map((lines) => `${lines.join('\n')}\n</outline>`).join('\n');
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:sw="urn:shuttlewatch:opml:1">` +
    `<head><title>Benchmark</title></head><body>\n${body}\n</body></opml>\n`
  );
}
