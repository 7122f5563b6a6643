import { basename, resolve } from 'node:path';
import { commitmentId, ruleId, subjectId, versionOf } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import {
  checkDossier,
  checkQueries,
  readableSubjects,
  type Nameable,
  type QueryCheck,
  type Written,
} from './check.ts';
import type { Commitment, Dossier } from './dossier.ts';
import { bothLists, NO_ENTRIES, readList, type ReadList } from './entries.ts';
import { readFeeds, type ReadFeeds, type Unsound } from './feeds.ts';
import { DOSSIER_FILES, readDossierFiles, type DossierFile, type DossierTexts } from './files.ts';
import { DossierError, type Problem } from './problem.ts';
import {
  COMMITMENTS,
  RIVALS,
  RULES,
  SUBJECTS,
  type ListSchema,
  type WrittenCommitment,
  type WrittenRule,
} from './schema.ts';
import { rivalOf, subjectOf } from './subjects.ts';
import type { z } from 'zod';

/**
 * Reads, checks and versions the dossier in `folder`. Its files are `entities.yaml` and, each where there is need
 * of it, `topics.yaml`, `rivals.yaml`, `feeds.opml`, `rules.yaml` and `commitments.yaml`. The version is a hash over their content:
 * the same folder elsewhere, or with other line ends, has the same. `checkQuery` judges the queries of its rules, which this
 * room does not understand (query/dossier.ts does); without it they stay unread.
 *
 * @throws DossierError with every problem found, each naming file, line and field.
 */
export async function loadDossier(folder: string, checkQuery?: QueryCheck): Promise<Dossier> {
  const { texts, problems: missing } = await readDossierFiles(folder);
  const problems: Problem[] = [...missing];
  const list = <Schema extends z.ZodType>(
    file: DossierFile,
    schema: ListSchema<Schema>,
  ): ReadList<z.output<Schema>> => {
    const text = texts[file];
    if (text !== undefined) return readList(file, schema, text, problems);
    return { ...NO_ENTRIES, whole: !missing.some((problem) => problem.file === file) };
  };
  const lists = {
    subjects: bothLists(list('entities.yaml', SUBJECTS), list('topics.yaml', SUBJECTS)),
    rivals: list('rivals.yaml', RIVALS),
    rules: list('rules.yaml', RULES),
    commitments: list('commitments.yaml', COMMITMENTS),
  };
  const { publishers, feeds, unsound } = feedsOf(texts, problems);
  const written: Written = { ...lists, publishers, feeds };
  problems.push(...checkDossier(written));
  const absolute = resolve(folder);
  const dossier: Dossier = {
    name: basename(absolute),
    folder: absolute,
    version: versionOf(...DOSSIER_FILES.flatMap((file) => [file, texts[file] ?? ''])),
    subjects: readableSubjects(written.subjects).map(({ entry }) => subjectOf(entry)),
    rivals: written.rivals.entries.map(({ entry }) => rivalOf(entry)),
    publishers: written.publishers.map(({ entry }) => entry),
    feeds: written.feeds.map(({ entry }) => entry),
    rules: written.rules.entries.map(({ entry }) => ruleOf(entry)),
    commitments: written.commitments.entries.map(({ entry }) => commitmentOf(entry)),
  };
  const named = nameable(written, dossier, unsound);
  if (checkQuery !== undefined && named !== null)
    problems.push(...checkQueries(written.rules, named, checkQuery));
  if (problems.length > 0) throw new DossierError(folder, problems);
  return dossier;
}

/**
 * The same dossier with the feeds and publishers of another list, as OPML in the dialect of `feeds.opml`: for a demo or
 * a trial. The version stays, since what subjects and rules mean does not depend on who is read.
 *
 * @throws DossierError when the list has problems.
 */
export function withFeeds(dossier: Dossier, opml: string): Dossier {
  const problems: Problem[] = [];
  const feeds = feedsOf({ 'feeds.opml': opml }, problems);
  problems.push(...checkDossier({ ...NOTHING, ...feeds }));
  if (problems.length > 0) throw new DossierError(dossier.folder, problems);
  return {
    ...dossier,
    publishers: feeds.publishers.map(({ entry }) => entry),
    feeds: feeds.feeds.map(({ entry }) => entry),
  };
}

/**
 * Reads rules written as in `rules.yaml`, from the text of a file called `file`, as far as their form goes: what their
 * queries say is for others to understand. Gives the problems where there are any.
 */
export function readRuleFile(
  file: string,
  text: string,
): { readonly rules: readonly RuleDefinition[] } | { readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const rules = readList(file, RULES, text, problems);
  problems.push(...checkDossier({ ...NOTHING, rules }));
  return problems.length > 0 ? { problems } : { rules: rules.entries.map(({ entry }) => ruleOf(entry)) };
}

const NOTHING: Written = {
  subjects: NO_ENTRIES,
  rivals: NO_ENTRIES,
  rules: NO_ENTRIES,
  commitments: NO_ENTRIES,
  publishers: [],
  feeds: [],
};

/** What queries can name, entries with problems among it; null where that cannot be told, and they would be blamed for it. */
function nameable(
  { subjects: list }: Written,
  { subjects, publishers, feeds }: Dossier,
  unsound: Unsound | null,
): Nameable | null {
  if (unsound === null || !list.whole || subjects.length < list.written.length) return null;
  return {
    subjects,
    publishers: [...publishers, ...unsound.publishers],
    feeds: [...feeds, ...unsound.feeds],
  };
}

function feedsOf(
  texts: DossierTexts,
  problems: Problem[],
): Pick<Written, 'publishers' | 'feeds'> & Pick<ReadFeeds, 'unsound'> {
  const text = texts['feeds.opml'];
  if (text === undefined) return { publishers: [], feeds: [], unsound: { publishers: [], feeds: [] } };
  const { problems: found, ...read } = readFeeds(text);
  problems.push(...found);
  return read;
}

function ruleOf({ id, title, about, query, channels }: WrittenRule): RuleDefinition {
  return {
    rule: ruleId(id),
    title,
    about,
    query,
    channels,
  };
}

function commitmentOf({ id, by, to, subjects, ...rest }: WrittenCommitment): Commitment {
  return {
    ...rest,
    id: commitmentId(id),
    by: by.map(subjectId),
    to: to.map(subjectId),
    subjects: subjects.map(subjectId),
  };
}
