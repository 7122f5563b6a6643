import type { Alias } from './dossier.ts';
import { readDossierFiles } from './files.ts';
import type { Path, Place } from './problem.ts';
import { readYaml } from './yaml.ts';
import type { YamlFile } from './yaml.ts';

/** Says where a dossier's files have an alias of a subject; the subject's entry for a label, which no list has. */
export type Locate = (subject: string, alias: Pick<Alias, 'text' | 'lang' | 'from'>) => Place | null;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whether an entry of a list of aliases is this one: a text, or a mapping with one. */
function isAlias(entry: unknown, { text, from }: Pick<Alias, 'text' | 'from'>): boolean {
  if (!isRecord(entry)) return String(entry) === text && from === null;
  return entry['text'] === text && (entry['from'] ?? null) === from;
}

function pathOf(entry: unknown, alias: Pick<Alias, 'text' | 'lang' | 'from'>): Path {
  const lists = isRecord(entry) ? entry['aliases'] : undefined;
  const list = isRecord(lists) ? lists[alias.lang] : undefined;
  const at = Array.isArray(list) ? list.findIndex((one) => isAlias(one, alias)) : -1;
  return at >= 0 ? ['aliases', alias.lang, at] : ['labels', alias.lang];
}

/** A locator for the dossier in `folder`, which has been loaded without a problem. */
export async function locator(folder: string): Promise<Locate> {
  const { texts } = await readDossierFiles(folder);
  const files = (['entities.yaml', 'topics.yaml'] as const).flatMap((file): YamlFile[] => {
    const text = texts[file];
    const yaml = text === undefined ? null : readYaml(file, text);
    return yaml !== null && 'value' in yaml ? [yaml] : [];
  });
  const places = new Map<
    string,
    { readonly yaml: YamlFile; readonly index: number; readonly entry: unknown }
  >();
  for (const yaml of files) {
    const entries: readonly unknown[] = Array.isArray(yaml.value) ? yaml.value : [];
    entries.forEach((entry, index) => {
      if (isRecord(entry)) places.set(String(entry['id']), { yaml, index, entry });
    });
  }
  return (subject, alias) => {
    const found = places.get(subject);
    return found === undefined ? null : found.yaml.place([found.index, ...pathOf(found.entry, alias)]);
  };
}
