import type { Alias, Pattern, Subject } from '../../src/dossier/dossier.ts';
import { subjectId } from '../../src/events/ids.ts';
import type { SubjectKind } from '../../src/events/item.ts';

/** An alias with nothing but a text and a language. */
export function alias(text: string, lang: Alias['lang'], rest: Partial<Alias> = {}): Alias {
  const plain = {
    exactCase: false,
    requires: [],
    excludes: [],
    notIn: [],
    unlessFollowedBy: [],
    weight: 1,
    from: null,
    until: null,
  };
  return { text, lang, ...plain, ...rest };
}

/** A subject of a small dossier made for a test. */
export function subject(
  id: string,
  kind: SubjectKind,
  aliases: readonly Alias[],
  patterns: readonly Pattern[] = [],
): Subject {
  const labels = { en: id, ko: id, ja: id, 'zh-Hans': id, 'zh-Hant': id };
  return {
    id: subjectId(id),
    kind,
    wikidata: null,
    labels,
    note: '',
    side: null,
    importance: 1,
    organs: { en: [], ko: [], ja: [], 'zh-Hans': [], 'zh-Hant': [] },
    aliases,
    patterns,
  };
}
