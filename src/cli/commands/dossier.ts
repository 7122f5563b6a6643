import type { Command } from 'commander';
import type { Output } from '../output.ts';
import { dossierCheckCommand } from './dossier-check.ts';
import { dossierDiffCommand } from './dossier-diff.ts';

/** `dossier`: what is to be known of a dossier before it is relied on. */
export function dossierCommand(program: Command, output: Output): void {
  const dossier = program
    .command('dossier')
    .description('the folder that says what is watched: check it, compare it with another');
  dossierCheckCommand(dossier, output);
  dossierDiffCommand(dossier, output);
}
