import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadDossier } from '../../src/dossier/load.ts';
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
