import { basename, resolve } from 'node:path';
import { commitmentId, ruleId, subjectId, versionOf } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import { checkDossier, checkQueries, type QueryCheck, type Written } from './check.ts';
import type { Commitment, Dossier } from './dossier.ts';
import { readFeeds } from './feeds.ts';
import { DOSSIER_FILES, readDossierFiles, type DossierFile, type DossierTexts } from './files.ts';
import { checked } from './issues.ts';
import { DossierError, type Problem } from './problem.ts';
import {
  commitmentsSchema,
  rivalsSchema,
  rulesSchema,
  subjectsSchema,
  type WrittenCommitment,
  type WrittenRule,
} from './schema.ts';
import { rivalOf, subjectOf } from './subjects.ts';
import { readYaml, type YamlFile } from './yaml.ts';
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
  const written: Written = {
    subjects: [
      ...entriesOf('entities.yaml', subjectsSchema, texts, problems),
      ...entriesOf('topics.yaml', subjectsSchema, texts, problems),
    ],
    rivals: entriesOf('rivals.yaml', rivalsSchema, texts, problems),
    rules: entriesOf('rules.yaml', rulesSchema, texts, problems),
    commitments: entriesOf('commitments.yaml', commitmentsSchema, texts, problems),
    ...feedsOf(texts, problems),
  };
  // References into a file that could not be read would all be reported as unknown.
  if (problems.length > 0) throw new DossierError(folder, problems);
  const absolute = resolve(folder);
  const dossier = {
    name: basename(absolute),
    folder: absolute,
    version: versionOf(...DOSSIER_FILES.flatMap((file) => [file, texts[file] ?? ''])),
    subjects: written.subjects.map(({ entry }) => subjectOf(entry)),
    rivals: written.rivals.map(({ entry }) => rivalOf(entry)),
    publishers: written.publishers.map(({ entry }) => entry),
    feeds: written.feeds.map(({ entry }) => entry),
    rules: written.rules.map(({ entry }) => ruleOf(entry)),
    commitments: written.commitments.map(({ entry }) => commitmentOf(entry)),
  };
  problems.push(...checkDossier(written));
  if (checkQuery !== undefined) problems.push(...checkQueries(written.rules, dossier, checkQuery));
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
  if (problems.length === 0)
    problems.push(...checkDossier({ subjects: [], rivals: [], rules: [], commitments: [], ...feeds }));
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
  const rules = parsedEntries(file, rulesSchema, text, problems);
  const nothing = { subjects: [], rivals: [], publishers: [], feeds: [], commitments: [] };
  problems.push(...checkDossier({ ...nothing, rules }));
  return problems.length > 0 ? { problems } : { rules: rules.map(({ entry }) => ruleOf(entry)) };
}

function entriesOf<Entry>(
  file: DossierFile,
  schema: z.ZodType<Entry[]>,
  texts: DossierTexts,
  problems: Problem[],
): readonly { yaml: YamlFile; index: number; entry: Entry }[] {
  const text = texts[file];
  return text === undefined ? [] : parsedEntries(file, schema, text, problems);
}

function parsedEntries<Entry>(
  file: string,
  schema: z.ZodType<Entry[]>,
  text: string,
  problems: Problem[],
): readonly { yaml: YamlFile; index: number; entry: Entry }[] {
  const yaml = readYaml(file, text);
  if (!('value' in yaml)) {
    problems.push(...yaml);
    return [];
  }
  const result = checked(schema, yaml);
  if ('value' in result) return result.value.map((entry, index) => ({ yaml, index, entry }));
  problems.push(...result);
  return [];
}

function feedsOf(texts: DossierTexts, problems: Problem[]): Pick<Written, 'publishers' | 'feeds'> {
  const text = texts['feeds.opml'];
  if (text === undefined) return { publishers: [], feeds: [] };
  const { publishers, feeds, problems: found } = readFeeds(text);
  problems.push(...found);
  return { publishers, feeds };
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
