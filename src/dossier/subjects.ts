import { subjectId } from '../events/ids.ts';
import { DOSSIER_LANGS, type Alias, type Rival, type Subject } from './dossier.ts';
import type { WrittenRival, WrittenSubject } from './schema.ts';

/** A subject as written, with its labels among its aliases. */
export function subjectOf(written: WrittenSubject): Subject {
  const { id, kind, wikidata, labels, note, importance, organs, patterns } = written;
  const side = written.side === null ? null : subjectId(written.side);
  const aliases = DOSSIER_LANGS.flatMap((lang): readonly Alias[] => {
    const own = written.aliases[lang].map((alias) => ({ ...alias, lang }));
    return written.labelIsAlias ? [{ ...PLAIN, text: labels[lang], lang }, ...own] : own;
  });
  return { id: subjectId(id), kind, wikidata, labels, note, side, importance, organs, aliases, patterns };
}

/** A rival as written. */
export function rivalOf({ id, of, note, shares, aliases }: WrittenRival): Rival {
  return {
    id,
    of: of.map(subjectId),
    note,
    shares,
    aliases: DOSSIER_LANGS.flatMap((lang) => aliases[lang].map((alias) => ({ ...alias, lang }))),
  };
}

const PLAIN = {
  exactCase: false,
  requires: [],
  excludes: [],
  notIn: [],
  unlessFollowedBy: [],
  weight: 1,
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
