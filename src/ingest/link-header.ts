/** Links read of one header; more than these are somebody playing. */
const LINKS_MAX = 50;

/** One link of a `Link` header. */
interface HeaderLink {
  /** As written, which may be relative. */
  readonly target: string;
  /** Lower-case relation types. */
  readonly rels: readonly string[];
}

// RFC 8288 §3: <target> and its parameters, whose values may be quoted and then hold commas and semicolons.
const LINK = /<([^<>]*)>((?:\s*;\s*[\w!#$&+.^`|~*-]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s",;]*))?)*)/g;
const PARAMETER = /;\s*([\w!#$&+.^`|~*-]+)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",;]*)))?/g;

/** The parameters by lower-case name; of one that stands twice the first counts, as §3.3 has it for rel. */
function parametersOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, bare = ''] of text.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!found.has(key)) found.set(key, quoted ?? bare);
  }
  return found;
}

/**
 * The links of a `Link` header (RFC 8288) that are about the document itself; several headers are joined by commas. What is no
 * link is passed over.
 */
export function linksOf(header: string): readonly HeaderLink[] {
  const links: HeaderLink[] = [];
  for (const [, target = '', text = ''] of header.matchAll(LINK)) {
    const parameters = parametersOf(text);
    // An anchor makes it a link of another document.
    if (parameters.has('anchor')) continue;
    const rels = (parameters.get('rel') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    links.push({ target: target.trim(), rels });
    if (links.length === LINKS_MAX) break;
  }
  return links;
}
