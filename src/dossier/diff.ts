import { isDeepStrictEqual } from 'node:util';
import type { Alias, Dossier, DossierLang, Subject } from './dossier.ts';

/** A field that is another, as the files have it. */
export interface FieldChange {
  readonly field: string;
  readonly was: unknown;
  readonly is: unknown;
}

/** An entry of a list that is in both dossiers, and says other things. */
export interface Changed {
  readonly id: string;
  readonly fields: readonly FieldChange[];
}

/** What became of the entries of a list. */
export interface ListDiff<Entry = Changed> {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly Entry[];
}

/** An alias that is in both dossiers, and counts under other conditions. */
interface ChangedAlias {
  readonly text: string;
  readonly fields: readonly FieldChange[];
}

/** What became of the aliases of a subject in one language. */
export interface AliasDiff {
  readonly lang: DossierLang;
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly ChangedAlias[];
}

export interface ChangedSubject extends Changed {
  readonly aliases: readonly AliasDiff[];
  /** By their names. */
  readonly patterns: ListDiff;
}

/** A subject that goes by another id. */
export interface Renamed {
  readonly from: string;
  readonly to: string;
}

/** What one dossier says otherwise than another. */
export interface DossierDiff {
  /** Names and versions. */
  readonly old: { readonly name: string; readonly version: string };
  readonly new: { readonly name: string; readonly version: string };
  readonly subjects: ListDiff<ChangedSubject> & { readonly renamed: readonly Renamed[] };
  readonly rivals: ListDiff<ChangedSubject>;
  readonly publishers: ListDiff;
  readonly feeds: ListDiff;
  readonly rules: ListDiff;
  readonly commitments: ListDiff;
}

/** The fields of two entries that differ, but for those of `apart`. */
function fieldsOf<Entry extends object>(was: Entry, is: Entry, apart: readonly string[]): FieldChange[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !apart.includes(name),
  );
  const valueOf = (entry: Entry, name: string): unknown =>
    (Object.entries(entry) as [string, unknown][]).find(([key]) => key === name)?.[1];
  return names.flatMap((field) => {
    const [before, after] = [valueOf(was, field), valueOf(is, field)];
    return isDeepStrictEqual(before, after) ? [] : [{ field, was: before ?? null, is: after ?? null }];
  });
}

/** Entries by what tells them apart; those that are told apart by nothing are numbered in their order. */
function byKey<Entry>(entries: readonly Entry[], keyOf: (entry: Entry) => string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const entry of entries) {
    const key = keyOf(entry);
    let free = key;
    for (let n = 2; found.has(free); n++) free = `${key} (${n})`;
    found.set(free, entry);
  }
  return found;
}

interface Pairs<Entry> {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly kept: readonly { readonly id: string; readonly was: Entry; readonly is: Entry }[];
}

function pairs<Entry>(
  old: readonly Entry[],
  next: readonly Entry[],
  keyOf: (entry: Entry) => string,
): Pairs<Entry> {
  const [before, after] = [byKey(old, keyOf), byKey(next, keyOf)];
  return {
    added: [...after.keys()].filter((id) => !before.has(id)),
    removed: [...before.keys()].filter((id) => !after.has(id)),
    kept: [...before].flatMap(([id, was]) => {
      const is = after.get(id);
      return is === undefined ? [] : [{ id, was, is }];
    }),
  };
}

function listDiff<Entry extends object>(
  old: readonly Entry[],
  next: readonly Entry[],
  keyOf: (entry: Entry) => string,
): ListDiff {
  const { added, removed, kept } = pairs(old, next, keyOf);
  const changed = kept
    .map(({ id, was, is }) => ({ id, fields: fieldsOf(was, is, []) }))
    .filter(({ fields }) => fields.length > 0);
  return { added, removed, changed };
}

function aliasDiffs(old: readonly Alias[], next: readonly Alias[]): AliasDiff[] {
  const langs = [...new Set([...old, ...next].map(({ lang }) => lang))];
  return langs.flatMap((lang): AliasDiff[] => {
    const own = (aliases: readonly Alias[]): Alias[] => aliases.filter((alias) => alias.lang === lang);
    const { added, removed, changed } = listDiff(own(old), own(next), ({ text }) => text);
    if (added.length + removed.length + changed.length === 0) return [];
    return [{ lang, added, removed, changed: changed.map(({ id, fields }) => ({ text: id, fields })) }];
  });
}

/** What of a rival is the same as of a subject. */
type Named = Pick<Subject, 'aliases'> & Partial<Pick<Subject, 'patterns'>> & { readonly id: string };

function changedOf(id: string, was: Named, is: Named): ChangedSubject[] {
  const fields = fieldsOf(was, is, ['id', 'aliases', 'patterns']);
  const aliases = aliasDiffs(was.aliases, is.aliases);
  const patterns = listDiff(was.patterns ?? [], is.patterns ?? [], ({ name }) => name);
  const ofPatterns = patterns.added.length + patterns.removed.length + patterns.changed.length;
  if (fields.length + aliases.length + ofPatterns === 0) return [];
  return [{ id, fields, aliases, patterns }];
}

/** Whether the one is the other under another id: the same thing to Wikidata, or to everybody who reads its names. */
function isSameThing(a: Subject, b: Subject): boolean {
  if (a.kind !== b.kind) return false;
  if (a.wikidata !== null && a.wikidata === b.wikidata) return true;
  return isDeepStrictEqual(a.labels, b.labels);
}

function subjectDiff(old: readonly Subject[], next: readonly Subject[]): DossierDiff['subjects'] {
  const { added, removed, kept } = pairs(old, next, ({ id }) => id);
  const find = (list: readonly Subject[], ids: readonly string[]): Subject[] =>
    list.filter(({ id }) => ids.includes(id));
  const renamed: Renamed[] = [];
  const changed = kept.flatMap(({ id, was, is }) => changedOf(id, was, is));
  for (const was of find(old, removed)) {
    const is = find(next, added).find(
      (candidate) => isSameThing(was, candidate) && !renamed.some(({ to }) => to === candidate.id),
    );
    if (is === undefined) continue;
    renamed.push({ from: was.id, to: is.id });
    changed.push(...changedOf(is.id, was, is));
  }
  return {
    added: added.filter((id) => !renamed.some(({ to }) => to === id)),
    removed: removed.filter((id) => !renamed.some(({ from }) => from === id)),
    renamed,
    changed,
  };
}

function rivalDiff(old: readonly Named[], next: readonly Named[]): ListDiff<ChangedSubject> {
  const { added, removed, kept } = pairs(old, next, ({ id }) => id);
  return { added, removed, changed: kept.flatMap(({ id, was, is }) => changedOf(id, was, is)) };
}

/** What `next` says otherwise than `old`, entry by entry. Pure; the order of entries counts for nothing. */
export function diffDossiers(old: Dossier, next: Dossier): DossierDiff {
  return {
    old: { name: old.name, version: old.version },
    new: { name: next.name, version: next.version },
    subjects: subjectDiff(old.subjects, next.subjects),
    rivals: rivalDiff(old.rivals, next.rivals),
    publishers: listDiff(old.publishers, next.publishers, ({ id }) => id),
    feeds: listDiff(old.feeds, next.feeds, ({ id }) => id),
    rules: listDiff(old.rules, next.rules, ({ rule }) => rule),
    commitments: listDiff(old.commitments, next.commitments, ({ id }) => id),
  };
}
