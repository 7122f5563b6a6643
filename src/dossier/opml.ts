import { SaxesParser, type SaxesTagNS } from 'saxes';
import { xmlFaultWords } from './xml-words.ts';
import type { OpenTag } from './xml-words.ts';

/** The namespace of what OPML has no word for, as its §Extending asks. */
export const OPML_NAMESPACE = 'urn:shuttlewatch:opml:1';
const OUTLINES_MAX = 10_000;
export const OUTLINE_DEPTH_MAX = 16;
/** Characters parsed before looking whether to go on: saxes spends time quadratic in the depth of nesting. */
const CHUNK_CHARS = 4_096;

/** One `<outline>` of an OPML list, in document order. */
export interface Outline {
  readonly line: number;
  /** Where the outline that holds it stands in the list; null at the top. */
  readonly parent: number | null;
  /** Attributes by name; those of our namespace as `sw:name`, whatever prefix the file uses. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface OpmlFault {
  readonly line: number;
  readonly message: string;
}

/**
 * Reads the outlines of an OPML document (http://opml.org/spec2.opml), or the faults that keep it from being one.
 * External and self-defined entities are never expanded: the parser has none.
 */
export function readOpml(
  text: string,
): { readonly outlines: readonly Outline[] } | { readonly faults: readonly OpmlFault[] } {
  const parser = new SaxesParser({ xmlns: true });
  const outlines: Outline[] = [];
  const faults: OpmlFault[] = [];
  const open: number[] = [];
  const tags: OpenTag[] = [];
  let last: OpenTag | null = null;
  // A document that is broken once is broken everywhere after: only the first fault tells what to mend.
  const fault = (message: string): void => {
    if (faults.length === 0) faults.push({ line: parser.line, message });
  };
  let depth = 0;
  let startLine = 1;
  parser.on('error', (error) => {
    fault(`is not well-formed XML: ${xmlFaultWords(error.message, tags, last)}`);
  });
  parser.on('opentagstart', () => {
    startLine = parser.line;
  });
  parser.on('opentag', (tag) => {
    depth += 1;
    if (!tag.isSelfClosing) tags.push({ name: tag.name, line: startLine });
    if (depth === 1 && tag.name !== 'opml')
      fault(`expected <opml> around the outlines, and found <${tag.name}>`);
    if (depth > OUTLINE_DEPTH_MAX) fault('is nested too deeply');
    if (tag.name !== 'outline') return;
    if (outlines.length >= OUTLINES_MAX) fault(`expected at most ${OUTLINES_MAX} outlines`);
    else outlines.push({ line: startLine, parent: open.at(-1) ?? null, attributes: attributesOf(tag) });
    open.push(outlines.length - 1);
  });
  parser.on('closetag', (tag) => {
    depth -= 1;
    if (!tag.isSelfClosing) last = tags.pop() ?? null;
    if (tag.name === 'outline') open.pop();
  });
  for (let at = 0; at < text.length && faults.length === 0; at += CHUNK_CHARS) {
    parser.write(text.slice(at, at + CHUNK_CHARS));
  }
  if (faults.length === 0) parser.close();
  return faults.length > 0 ? { faults } : { outlines };
}

function attributesOf(tag: SaxesTagNS): Readonly<Record<string, string>> {
  const entries = Object.values(tag.attributes).map(({ uri, local, name, value }) => {
    return [uri === OPML_NAMESPACE ? `sw:${local}` : name, value] as const;
  });
  return Object.fromEntries(entries);
}
