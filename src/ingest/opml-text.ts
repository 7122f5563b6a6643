import { decodeHTMLStrict } from 'entities';
import { escapedAttribute } from '../dossier/xml-tree.ts';
import { decode } from './decode.ts';

const OWN = 'amp|lt|gt|quot|apos';
const BARE = new RegExp(`&(?!(?:#\\d{1,7}|#x[\\da-f]{1,6}|${OWN});)`, 'gi');
const NAMED = new RegExp(`&(?!(?:${OWN});)[a-z][a-z\\d]{1,30};`, 'gi');

/**
 * The text of an OPML file in whatever charset it is, with the slips mended that feed readers make: `&` that stands for itself,
 * entities of HTML, line ends.
 */
export function opmlText(bytes: Uint8Array): string {
  const text = decode(bytes).text.replaceAll(/\r\n?/g, '\n');
  // What a document defines for itself is never looked up: with a subset it stays as it is, and is refused.
  if (/<!ENTITY/.test(text)) return text;
  const named = text.replace(NAMED, (entity) => {
    const meant = decodeHTMLStrict(entity);
    return meant === entity ? entity : escapedAttribute(meant);
  });
  return named.replace(BARE, '&amp;');
}
