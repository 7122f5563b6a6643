import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Languages a labelled set is scored in. */
export const QUALITY_LANGS = ['en', 'ko', 'ja', 'zh'] as const;

/** Bytes of one file of a labelled set. */
const SET_FILE_BYTES_MAX = 64 * 1024 * 1024;

const labelled = z.object({
  id: z.string().min(1),
  lang: z.enum(QUALITY_LANGS),
  /** As far as it is known: a day, or whatever stands for one. */
  date: z.string(),
  title: z.string(),
  text: z.string(),
  /** Ids of what the item names, all of them. */
  gold: z.array(z.string().min(1)),
  /** Ids that are neither right nor wrong. */
  optional: z.array(z.string().min(1)).default([]),
  /** What the item tries to fool, in a few words. */
  trap: z.string().min(1).optional(),
});

/** An item and what a person says it names. */
export type LabelledItem = z.output<typeof labelled>;

/** The files of a set: the one named, or all .jsonl of the folder named. */
async function filesOf(path: string): Promise<readonly string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await readdir(path)).filter((name) => name.endsWith('.jsonl')).sort();
  if (names.length === 0) throw new Error(`${path}: no .jsonl file in this folder`);
  return names.map((name) => join(path, name));
}

function itemOf(line: string, place: string): LabelledItem {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new Error(`${place}: not JSON`);
  }
  const read = labelled.safeParse(value);
  if (!read.success) throw new Error(`${place}: ${z.prettifyError(read.error)}`);
  return read.data;
}

/**
 * The items of a labelled set, a JSON object a line; `path` is a file or a folder of .jsonl files. Throws with file and line on what is
 * none, and on an id that comes twice.
 */
export async function readSet(path: string): Promise<readonly LabelledItem[]> {
  const items: LabelledItem[] = [];
  const seen = new Set<string>();
  for (const file of await filesOf(path)) {
    if ((await stat(file)).size > SET_FILE_BYTES_MAX)
      throw new Error(`${file}: over ${SET_FILE_BYTES_MAX} bytes`);
    for (const [index, line] of (await readFile(file, 'utf8')).split('\n').entries()) {
      if (line.trim() === '') continue;
      const place = `${file}:${index + 1}`;
      const item = itemOf(line, place);
      if (seen.has(item.id)) throw new Error(`${place}: ${item.id} is there already`);
      seen.add(item.id);
      items.push(item);
    }
  }
  return items;
}
