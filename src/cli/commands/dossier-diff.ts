import type { Command } from 'commander';
import { diffDossiers } from '../../dossier/diff.ts';
import { loadDossier } from '../../dossier/load.ts';
import { dossierDiffText } from '../dossier-diff-text.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { settings } from '../settings.ts';

/** `dossier diff`: what one dossier says otherwise than another. */
export function dossierDiffCommand(dossier: Command, output: Output): void {
  dossier
    .command('diff')
    .description('compare two dossiers, entry by entry; needs no database')
    .argument('<old>', 'the folder of a dossier')
    .argument('[new]', 'the folder of another; nothing: the one that is watched')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhat it would mean for the items of the log says "retag --dry-run".\n\nExample:\n  $ shuttlewatch dossier diff ../dossier-of-last-month',
    )
    .action(async (old: string, next: string | undefined, flags: { readonly json?: true }) => {
      const before = await loadDossier(old);
      const after = await loadDossier(next ?? settings().SHUTTLEWATCH_DOSSIER);
      const diff = diffDossiers(before, after);
      output.out(flags.json ? json(diff) : dossierDiffText(diff, output.columns));
    });
}
