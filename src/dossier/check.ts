import type { Alias, Dossier, FeedListing, Publisher } from './dossier.ts';
import type { Listed } from './feeds.ts';
import type { Path, Problem } from './problem.ts';
import type { WrittenCommitment, WrittenRival, WrittenRule, WrittenSubject } from './schema.ts';
import { aliasKey, overlap, subjectOf } from './subjects.ts';
import type { YamlFile } from './yaml.ts';

/** An entry of a list file, and where it stands. */
interface Entry<Value> {
  readonly yaml: YamlFile;
  readonly index: number;
  readonly entry: Value;
}

/** A dossier as its files say it, each part with its place. */
export interface Written {
  readonly subjects: readonly Entry<WrittenSubject>[];
  readonly rivals: readonly Entry<WrittenRival>[];
  readonly rules: readonly Entry<WrittenRule>[];
  readonly commitments: readonly Entry<WrittenCommitment>[];
  readonly publishers: readonly Listed<Publisher>[];
  readonly feeds: readonly Listed<FeedListing>[];
}

/** What no file can know alone: ids used twice, references that lead nowhere, aliases given twice. */
export function checkDossier(written: Written): readonly Problem[] {
  return [
    ...repeatedIds([...written.subjects, ...written.rivals]),
    ...repeatedIds(written.rules),
    ...repeatedIds(written.commitments),
    ...repeatedListings(written),
    ...written.subjects.flatMap(repeatedAliases),
    ...unknownSubjects(written),
    ...idleShares(written),
  ];
}

function problemAt({ yaml, index }: Entry<unknown>, path: Path, message: string): Problem {
  return { ...yaml.place([index, ...path]), message };
}

function repeatedIds(entries: readonly Entry<{ id: string }>[]): readonly Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) => {
    const { id } = entry.entry;
    if (seen.has(id)) return [problemAt(entry, ['id'], `${id} is there already`)];
    seen.add(id);
    return [];
  });
}

function repeatedListings({ publishers, feeds }: Written): readonly Problem[] {
  const listings: [number, string, string][] = [
    ...publishers.map(({ line, entry }): [number, string, string] => [line, 'sw:publisher', entry.id]),
    ...publishers.flatMap(({ line, entry }) =>
      entry.hosts.map((host): [number, string, string] => [line, 'sw:hosts', host]),
    ),
    ...feeds.map(({ line, entry }): [number, string, string] => [line, 'sw:feed', entry.id]),
    ...feeds.map(({ line, entry }): [number, string, string] => [line, 'xmlUrl', entry.url]),
  ];
  const seen = new Set<string>();
  return listings.flatMap(([line, field, value]) => {
    const key = `${field} ${value}`;
    if (seen.has(key)) return [{ file: 'feeds.opml', line, field, message: `${value} is there already` }];
    seen.add(key);
    return [];
  });
}

/** Two aliases that would match the same text on the same day say nothing twice. */
function repeatedAliases(entry: Entry<WrittenSubject>): readonly Problem[] {
  const seen = new Map<string, Alias[]>();
  return subjectOf(entry.entry).aliases.flatMap((alias) => {
    const key = aliasKey(alias);
    const earlier = seen.get(key) ?? [];
    seen.set(key, [...earlier, alias]);
    if (!earlier.some((other) => overlap(other, alias))) return [];
    const index = entry.entry.aliases[alias.lang].findLastIndex(
      ({ text, from }) => text === alias.text && from === alias.from,
    );
    const message = `${alias.text} is an alias of ${entry.entry.id} already`;
    return [problemAt(entry, ['aliases', alias.lang, index], message)];
  });
}

/** Equal for names that match the same text, in whatever language and case. */
const nameKey = (text: string): string => text.normalize('NFKC').toLowerCase();

/** A name is contested only where one of the subjects goes by it. */
function idleShares({ subjects, rivals }: Written): readonly Problem[] {
  const byId = new Map(subjects.map(({ entry }) => [entry.id, entry]));
  return rivals.flatMap((rival) => {
    const { of, shares } = rival.entry;
    const borne = of.flatMap((id) => byId.get(id) ?? []);
    // Of an id that leads nowhere nobody knows the names.
    if (borne.length < of.length) return [];
    const names = new Set(borne.flatMap((one) => subjectOf(one).aliases.map(({ text }) => nameKey(text))));
    return shares.flatMap((text, at) =>
      names.has(nameKey(text))
        ? []
        : [problemAt(rival, ['shares', at], `${text} is no alias of ${of.join(' or ')}`)],
    );
  });
}

/** Every place that names a subject, with the id it names. */
function referencesOf({ subjects, rivals, commitments }: Written): readonly [Entry<unknown>, Path, string][] {
  const references: [Entry<unknown>, Path, string][] = [];
  const note = (entry: Entry<unknown>, path: Path, ids: readonly string[]): void => {
    ids.forEach((id, at) => references.push([entry, [...path, at], id]));
  };
  for (const commitment of commitments) {
    for (const list of ['by', 'to', 'subjects'] as const) note(commitment, [list], commitment.entry[list]);
  }
  for (const rival of rivals) {
    note(rival, ['of'], rival.entry.of);
    for (const [path, word] of requiredBy(rival.entry.aliases)) {
      if (word.startsWith('@')) references.push([rival, path, word.slice(1)]);
    }
  }
  for (const subject of subjects) {
    if (subject.entry.side !== null) references.push([subject, ['side'], subject.entry.side]);
    for (const [path, word] of wordsOf(subject.entry)) {
      if (word.startsWith('@')) references.push([subject, path, word.slice(1)]);
    }
  }
  return references;
}

/** The words of a subject that may name another one as `@id`. */
function wordsOf({ aliases, patterns }: WrittenSubject): readonly [Path, string][] {
  const ofAliases = requiredBy(aliases);
  const ofPatterns = patterns.flatMap(({ allOf, noneOf }, at) => [
    ...allOf.flatMap((group, g) =>
      group.map((word, n): [Path, string] => [['patterns', at, 'allOf', g, n], word]),
    ),
    ...noneOf.map((word, n): [Path, string] => [['patterns', at, 'noneOf', n], word]),
  ]);
  return [...ofAliases, ...ofPatterns];
}

function requiredBy(aliases: WrittenSubject['aliases']): readonly [Path, string][] {
  return Object.entries(aliases).flatMap(([lang, list]) =>
    list.flatMap(({ requires }, at) =>
      requires.map((word, n): [Path, string] => [['aliases', lang, at, 'requires', n], word]),
    ),
  );
}

function unknownSubjects(written: Written): readonly Problem[] {
  const known = new Set(written.subjects.map(({ entry }) => entry.id));
  return referencesOf(written)
    .filter(([, , id]) => !known.has(id))
    .map(([entry, path, id]) =>
      problemAt(entry, path, `no entity or topic has the id ${JSON.stringify(id)}`),
    );
}

/** Says, in a dossier, what is wrong with a rule's query, in words for people; null when nothing is. */
export type QueryCheck = (
  dossier: Pick<Dossier, 'subjects' | 'publishers' | 'feeds'>,
) => (query: string) => string | null;

/** The rules whose queries cannot be understood. */
export function checkQueries(
  rules: readonly Entry<WrittenRule>[],
  dossier: Pick<Dossier, 'subjects' | 'publishers' | 'feeds'>,
  check: QueryCheck,
): readonly Problem[] {
  const wrongWith = check(dossier);
  return rules.flatMap((rule) => {
    const problem = wrongWith(rule.entry.query);
    return problem === null ? [] : [problemAt(rule, ['query'], problem)];
  });
}
