import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem } from './problem.ts';

/** The files a dossier is made of, in the order they are hashed. Only the first must be there. */
export const DOSSIER_FILES = [
  'entities.yaml',
  'topics.yaml',
  'rivals.yaml',
  'feeds.opml',
  'rules.yaml',
  'commitments.yaml',
] as const;
export type DossierFile = (typeof DOSSIER_FILES)[number];

/** Bytes in one file of a dossier: some twenty times the largest we know. */
export const DOSSIER_FILE_BYTES_MAX = 4 * 1024 * 1024;

/** Data files by another name would be silently ignored otherwise: `rule.yaml`, `feeds.xml`. */
const DATA_FILE = /\.(?:ya?ml|opml|xml)$/i;

export type DossierTexts = Partial<Record<DossierFile, string>>;

/**
 * Reads the files of a dossier folder as text with `\n` line ends. What is missing, too large, not UTF-8 or not
 * part of a dossier becomes a problem.
 */
export async function readDossierFiles(
  folder: string,
): Promise<{ readonly texts: DossierTexts; readonly problems: readonly Problem[] }> {
  const problem = (file: string, message: string): Problem => ({ file, line: null, field: '', message });
  const texts: DossierTexts = {};
  const problems: Problem[] = [];
  let names: readonly string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    return { texts, problems: [problem('.', `the folder cannot be read: ${reasonOf(error)}`)] };
  }
  const known: readonly string[] = DOSSIER_FILES;
  for (const name of names) {
    if (DATA_FILE.test(name) && !known.includes(name)) {
      problems.push(problem(name, `not a file of a dossier; those are ${known.join(', ')}`));
    }
  }
  for (const file of DOSSIER_FILES) {
    if (!names.includes(file)) {
      if (file === 'entities.yaml') problems.push(problem(file, 'is missing'));
      continue;
    }
    const read = await readText(join(folder, file));
    if ('text' in read) texts[file] = read.text;
    else problems.push(problem(file, read.fault));
  }
  return { texts, problems };
}

/** A file as text with `\n` line ends, or why it cannot be had. At most DOSSIER_FILE_BYTES_MAX. */
export async function readText(
  path: string,
): Promise<{ readonly text: string } | { readonly fault: string }> {
  let bytes: Buffer | null;
  try {
    bytes = await readCapped(path);
  } catch (error) {
    return { fault: `cannot be read: ${reasonOf(error)}` };
  }
  if (bytes === null) return { fault: `is not a file of at most ${DOSSIER_FILE_BYTES_MAX} bytes` };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text: text.replaceAll(/\r\n?/g, '\n') };
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return { fault: 'is not UTF-8 text' };
  }
}

/** The bytes of a regular file, or null when it is none or larger than allowed. */
async function readCapped(path: string): Promise<Buffer | null> {
  // A pipe without a writer must not keep us waiting.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = await handle.stat();
    if (!stat.isFile() || stat.size > DOSSIER_FILE_BYTES_MAX) return null;
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
