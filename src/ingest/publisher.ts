import type { Publisher } from '../dossier/dossier.ts';

/** Finds the publisher of an item that came without a feed. */
export type PublisherResolver = (url: string | null, source: string | null) => Publisher | null;

/** `BBC – World News` and `BBC News | Asia` name the publisher before the section. */
const SECTION = /\s+[-–—|:·]\s+.*$/;

function folded(name: string): string {
  return name.normalize('NFKC').toLowerCase().replace(SECTION, '').trim();
}

function hostOf(url: string | null): string | null {
  if (url === null || !URL.canParse(url)) return null;
  return new URL(url).hostname.replace(/^www\./, '');
}

/**
 * A resolver over a dossier's publishers: by the host of the item's URL, the longest host of a publisher
 * winning (`english.example.kr` before `example.kr`); else by the name of the source, or the publisher's id;
 * else null.
 */
export function publisherResolver(publishers: readonly Publisher[]): PublisherResolver {
  const byHost = new Map<string, Publisher>();
  const byName = new Map<string, Publisher>();
  for (const publisher of publishers) {
    for (const host of publisher.hosts) byHost.set(host.toLowerCase(), publisher);
    byName.set(folded(publisher.name), publisher);
    byName.set(publisher.id, publisher);
  }
  return (url, source) => {
    for (let host = hostOf(url); host !== null; host = parentOf(host)) {
      const found = byHost.get(host);
      if (found !== undefined) return found;
    }
    return source === null ? null : (byName.get(folded(source)) ?? null);
  };
}

function parentOf(host: string): string | null {
  const dot = host.indexOf('.');
  return dot < 0 ? null : host.slice(dot + 1);
}
