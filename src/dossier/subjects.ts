import { subjectId } from '../events/ids.ts';
import { DOSSIER_LANGS, type Alias, type Subject } from './dossier.ts';
import type { WrittenSubject } from './schema.ts';

/** A subject as written, with its labels among its aliases. */
export function subjectOf(written: WrittenSubject): Subject {
  const { id, kind, wikidata, labels, note, importance, patterns } = written;
  const side = written.side === null ? null : subjectId(written.side);
  const aliases = DOSSIER_LANGS.flatMap((lang): readonly Alias[] => {
    const own = written.aliases[lang].map((alias) => ({ ...alias, lang }));
    return written.labelIsAlias ? [{ ...PLAIN, text: labels[lang], lang }, ...own] : own;
  });
  return { id: subjectId(id), kind, wikidata, labels, note, side, importance, aliases, patterns };
}

const PLAIN = {
  exactCase: false,
  requires: [],
  excludes: [],
  notIn: [],
  from: null,
  until: null,
} as const;

/** Equal for aliases that match the same text. */
export function aliasKey({ text, lang, exactCase }: Alias): string {
  const composed = text.normalize('NFKC');
  return exactCase ? `${lang} = ${composed}` : `${lang} ~ ${composed.toLowerCase()}`;
}

/** Whether there is a day on which both count. */
export function overlap(a: Alias, b: Alias): boolean {
  return (a.from ?? '') <= (b.until ?? '9999') && (b.from ?? '') <= (a.until ?? '9999');
}
