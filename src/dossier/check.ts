import type { Alias, Dossier, FeedListing, Publisher } from './dossier.ts';
import { textsAt, type Entry, type ReadList } from './entries.ts';
import type { Listed } from './feeds.ts';
import type { Path, Problem } from './problem.ts';
import { salvaged } from './salvage.ts';
import type { WrittenCommitment, WrittenRival, WrittenRule, WrittenSubject } from './schema.ts';
import { aliasKey, overlap, subjectOf } from './subjects.ts';

/** A dossier as its files say it, each part with its place. */
export interface Written {
  readonly subjects: ReadList<WrittenSubject>;
  readonly rivals: ReadList<WrittenRival>;
  readonly rules: ReadList<WrittenRule>;
  readonly commitments: ReadList<WrittenCommitment>;
  readonly publishers: readonly Listed<Publisher>[];
  readonly feeds: readonly Listed<FeedListing>[];
}

/**
 * What no entry can know alone: ids used twice, references that lead nowhere, aliases given twice. Entries that have problems of
 * their own are asked too, as far as they can be made out.
 */
export function checkDossier(written: Written): readonly Problem[] {
  const subjects = readableSubjects(written.subjects);
  return [
    ...repeatedIds([...written.subjects.written, ...written.rivals.written]),
    ...repeatedIds(written.rules.written),
    ...repeatedIds(written.commitments.written),
    ...repeatedListings(written),
    ...subjects.flatMap(repeatedAliases),
    ...unknownSubjects(written),
    ...idleShares(subjects, written.rivals.entries),
  ];
}

/** The subjects, those with problems as far as they go, in the order of their files. */
export function readableSubjects({
  entries,
  written,
}: ReadList<WrittenSubject>): readonly Entry<WrittenSubject>[] {
  if (entries.length === written.length) return entries;
  const sound = new Map(entries.map((one) => [`${one.yaml.file} ${one.index}`, one]));
  return written.flatMap((one) => {
    const known = sound.get(`${one.yaml.file} ${one.index}`);
    if (known !== undefined) return [known];
    const entry = salvaged(one.entry);
    return entry === null ? [] : [{ ...one, entry }];
  });
}

function problemAt({ yaml, index }: Entry<unknown>, path: Path, message: string): Problem {
  return { ...yaml.place([index, ...path]), message };
}

const idsOf = (entry: Entry<unknown>): readonly string[] => textsAt(entry.entry, ['id']).map(([, id]) => id);

function repeatedIds(entries: readonly Entry<unknown>[]): readonly Problem[] {
  const seen = new Set<string>();
  return entries.flatMap((entry) =>
    idsOf(entry).flatMap((id) => {
      if (seen.has(id)) return [problemAt(entry, ['id'], `${id} is there already`)];
      seen.add(id);
      return [];
    }),
  );
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
function idleShares(
  subjects: readonly Entry<WrittenSubject>[],
  rivals: readonly Entry<WrittenRival>[],
): readonly Problem[] {
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

/** Where entries name subjects: by `@id` among words, or by the id itself. */
const AT_ID = [
  ['aliases', '*', '*', 'requires', '*'],
  ['patterns', '*', 'allOf', '*', '*'],
  ['patterns', '*', 'noneOf', '*'],
];
const SUBJECT_ID = [['side']];
const RIVAL_ID = [['of', '*']];
const COMMITMENT_ID = [
  ['by', '*'],
  ['to', '*'],
  ['subjects', '*'],
];

/** Every place that names a subject, with the id it names. */
function referencesOf({ subjects, rivals, commitments }: Written): readonly [Entry<unknown>, Path, string][] {
  const named = (entry: Entry<unknown>, paths: string[][]): [Entry<unknown>, Path, string][] =>
    paths.flatMap((path) =>
      textsAt(entry.entry, path).map(([at, id]): [Entry<unknown>, Path, string] => [entry, at, id]),
    );
  const marked = (entry: Entry<unknown>): [Entry<unknown>, Path, string][] =>
    named(entry, AT_ID).flatMap(([, at, word]): [Entry<unknown>, Path, string][] =>
      word.startsWith('@') ? [[entry, at, word.slice(1)]] : [],
    );
  return [
    ...commitments.written.flatMap((entry) => named(entry, COMMITMENT_ID)),
    ...rivals.written.flatMap((entry) => [...named(entry, RIVAL_ID), ...marked(entry)]),
    ...subjects.written.flatMap((entry) => [...named(entry, SUBJECT_ID), ...marked(entry)]),
  ];
}

function unknownSubjects(written: Written): readonly Problem[] {
  // References into a file that could not be read would all be reported as unknown.
  if (!written.subjects.whole) return [];
  const known = new Set(written.subjects.written.flatMap(idsOf));
  return referencesOf(written)
    .filter(([, , id]) => !known.has(id))
    .map(([entry, path, id]) =>
      problemAt(entry, path, `no entity or topic has the id ${JSON.stringify(id)}`),
    );
}

/** What of a dossier the queries of its rules can name. */
export type Nameable = Pick<Dossier, 'subjects' | 'publishers'> & {
  readonly feeds: readonly Pick<FeedListing, 'id'>[];
};

/** Says, in a dossier, what is wrong with a rule's query, in words for people; null when nothing is. */
export type QueryCheck = (dossier: Nameable) => (query: string) => string | null;

/** The rules whose queries cannot be understood. */
export function checkQueries(
  { written }: ReadList<WrittenRule>,
  dossier: Nameable,
  check: QueryCheck,
): readonly Problem[] {
  const wrongWith = check(dossier);
  return written.flatMap((rule) =>
    textsAt(rule.entry, ['query']).flatMap(([path, query]) => {
      const problem = wrongWith(query);
      return problem === null ? [] : [problemAt(rule, path, problem)];
    }),
  );
}
