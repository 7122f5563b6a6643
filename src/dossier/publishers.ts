import type { Publisher } from './dossier.ts';

/**
 * Who published an article, by where its link leads: the publisher that lists the link's host, or else the nearest
 * domain above it. Null for a link that is none, or leads to nobody in the dossier.
 */
export function publisherFinder(publishers: readonly Publisher[]): (link: string) => Publisher | null {
  const byHost = new Map(publishers.flatMap((publisher) => publisher.hosts.map((host) => [host, publisher])));
  return (link) => {
    if (!URL.canParse(link)) return null;
    let domain = new URL(link).hostname;
    while (domain !== '') {
      const publisher = byHost.get(domain);
      if (publisher !== undefined) return publisher;
      const dot = domain.indexOf('.');
      domain = dot === -1 ? '' : domain.slice(dot + 1);
    }
    return null;
  };
}
