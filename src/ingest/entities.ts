import { decodeHTMLStrict } from 'entities';

/** Entities a document may declare for itself, and the length of one. */
const DECLARED_MAX = 64;
const DECLARED_CHARS_MAX = 1000;
/** How often those may be used in a document: what keeps a bomb small. */
const USES_MAX = 10_000;

/** Resolves the entities of one document. */
export interface Entities {
  /** Learns the internal entities of a document type. External ones stay unknown: nothing is ever fetched. */
  declare(doctype: string): void;
  /** The text that is meant by `raw`. Entities of HTML count as known, `&` alone is itself. */
  decode(raw: string): string;
}

const DECLARATION = /<!ENTITY\s+([\w.:-]{1,60})\s+(?:"([^"]*)"|'([^']*)')\s*>/g;

/** A fresh table for one document. */
export function createEntities(): Entities {
  const declared = new Map<string, string>();
  let uses = 0;
  return {
    declare(doctype) {
      for (const [, name = '', double, single] of doctype.matchAll(DECLARATION)) {
        const value = double ?? single ?? '';
        // Entities within entities are not resolved: that is how the small become huge.
        if (declared.size < DECLARED_MAX && value.length <= DECLARED_CHARS_MAX && !declared.has(name)) {
          declared.set(name, value);
        }
      }
    },
    decode(raw) {
      if (!raw.includes('&')) return raw;
      if (declared.size === 0) return decodeHTMLStrict(raw);
      const replaced = raw.replace(/&([\w.:-]{1,60});/g, (whole, name: string) => {
        const value = declared.get(name);
        if (value === undefined || uses >= USES_MAX) return whole;
        uses += 1;
        return value;
      });
      return decodeHTMLStrict(replaced);
    },
  };
}
