import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { subjectYaml } from '../dossier/folder.ts';

/**
 * Writes a dossier of a few subjects into a folder of its own, and gives that: for commands that need one, whatever is in it. The
 * real one takes half of the time that a command takes.
 */
export async function smallDossier(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-dossier-'));
  const places = subjectYaml('taiwan', '  aliases: { en: [Taiwan] }\n') + subjectYaml('andong');
  await writeFile(join(folder, 'entities.yaml'), places);
  await writeFile(join(folder, 'topics.yaml'), subjectYaml('cptpp', '', 'topic'));
  return folder;
}
