/** What can be wrong with a document that is read all the same, in words for people. */
export type Mending =
  | 'words before the feed'
  | 'control characters'
  | 'a bare & in a text'
  | 'entities of HTML'
  | 'tags left open'
  | 'cut off'
  | 'a date nobody can read'
  | 'a link that leads nowhere'
  | 'too many items';

const AMPERSAND = /&(?:(#\d{1,7}|#x[\da-f]{1,6}|amp|lt|gt|quot|apos);|([a-z][a-z\d]{1,31});)?/gi;

/** What is wrong with the entities of a text as it is written. */
export function entityMendings(raw: string): readonly Mending[] {
  if (!raw.includes('&')) return [];
  const found = new Set<Mending>();
  for (const [, xml, html] of raw.matchAll(AMPERSAND)) {
    if (xml !== undefined) continue;
    found.add(html === undefined ? 'a bare & in a text' : 'entities of HTML');
    if (found.size === 2) break;
  }
  return [...found];
}
