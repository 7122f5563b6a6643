import type { Command } from 'commander';
import type { Subject } from '../../dossier/dossier.ts';
import { loadDossier } from '../../dossier/load.ts';
import { json, table } from '../output.ts';
import type { Output } from '../output.ts';
import { settings } from '../settings.ts';

function names({ id, labels, aliases }: Subject): string[] {
  return [id, ...Object.values(labels), ...aliases.map((alias) => alias.text)];
}

function isCalled(subject: Subject, text: string): boolean {
  return names(subject).some((name) => name.toLowerCase().includes(text.toLowerCase()));
}

async function list(text: string, flags: { readonly json?: true }, output: Output): Promise<void> {
  const { subjects } = await loadDossier(settings().SHUTTLEWATCH_DOSSIER);
  const found = subjects.filter((subject) => isCalled(subject, text));
  if (flags.json) {
    output.out(
      json(found.map(({ id, kind, wikidata, labels, note }) => ({ id, kind, wikidata, labels, note }))),
    );
    return;
  }
  if (found.length === 0) {
    output.err(`nothing in the dossier is called ${text}\n`);
    return;
  }
  const rows = found.map(({ id, kind, labels }) => [
    id,
    kind,
    `${labels.en} · ${labels.ko} · ${labels.ja} · ${labels['zh-Hans']}`,
  ]);
  output.out(table(['id', 'kind', 'names'], rows, output.columns));
}

/** `subjects`: the entities and topics that --entity and --topic take. */
export function subjectsCommand(program: Command, output: Output): void {
  program
    .command('subjects')
    .description('list the entities and topics of the dossier; needs no database')
    .argument('[text]', 'only those with this in their id or one of their names', '')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ shuttlewatch subjects 台湾')
    .action((text: string, flags: { readonly json?: true }) => list(text, flags, output));
}
