import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDossier } from '../../src/dossier/load.ts';
import { openDossier } from '../../src/query/dossier.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { DossierError, problemText } from '../../src/dossier/problem.ts';

/** Files of a dossier by name; bytes where the text itself is the trouble. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes the files to a folder of their own, runs `use` on it and takes it away again. */
export async function withFolder<Result>(
  files: Files,
  use: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'dossier-'));
  try {
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export function loaded(files: Files): Promise<Dossier> {
  return withFolder(files, loadDossier);
}

/** The problems of files that make no dossier, as they are printed. */
export async function problemsOf(files: Files): Promise<readonly string[]> {
  try {
    await loaded(files);
  } catch (error) {
    if (error instanceof DossierError) return error.problems.map(problemText);
    throw error;
  }
  return [];
}

/** A subject with nothing but what it must have; `more` is YAML with the same indentation. */
export function subjectYaml(id: string, more = '', kind = 'place'): string {
  const labels = `{ en: ${id} en, ko: ${id} ko, ja: ${id} ja, zh-Hans: ${id} hans, zh-Hant: ${id} hant }`;
  return `- id: ${id}\n  kind: ${kind}\n  labels: ${labels}\n${more}`;
}

/** The files of a small dossier that is in order. */
export const OPML = `<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0" xmlns:sw="urn:shuttlewatch:opml:1">
  <head><title>Feeds</title></head>
  <body>
    <outline text="Korea">
      <outline text="Harbour Daily" sw:publisher="harbour" sw:family="harbour" sw:country="KR" sw:stateRun="false" sw:hosts="harbour.example en.harbour.example">
        <outline type="rss" text="Politics" sw:feed="harbour-politics" xmlUrl="https://harbour.example/politics.xml" language="ko" sw:seen="written for a test" sw:unverified="true"/>
      </outline>
    </outline>
  </body>
</opml>
`;
export const RULE = `- id: strait
  title: Strait
  about: Has anything moved at the strait?
  query: entity:(taiwan nara)>=0.3 publisher:harbour
`;
export const COMMITMENT = `- id: visit
  title: A visit
  promise: The next meeting is to be in Nara.
  by: [taiwan]
  to: [nara]
  made: 2026-01-13
  subjects: [nara]
  quietAfterDays: 30
`;
export const WHOLE = {
  'entities.yaml': subjectYaml('taiwan') + subjectYaml('nara'),
  'topics.yaml': subjectYaml('strait', '', 'topic'),
  'feeds.opml': OPML,
  'rules.yaml': RULE,
  'commitments.yaml': COMMITMENT,
};

/** What is wrong with a dossier whose queries are understood too. */
export async function queryProblemsOf(texts: Files): Promise<string[]> {
  const error = await withFolder(texts, openDossier).then(
    () => null,
    (failed: unknown) => failed,
  );
  return error instanceof DossierError ? error.problems.map(problemText) : [];
}
