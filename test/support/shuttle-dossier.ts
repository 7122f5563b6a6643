import { resolve } from 'node:path';
import { createTagger } from '../../src/classify/tagger.ts';
import type { Tagger } from '../../src/classify/tagger.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { loadDossier } from '../../src/dossier/load.ts';

// Nothing changes a dossier, and reading this one takes a fifth of a second: once for all the files that a process runs.
let dossier: Promise<Dossier> | null = null;
let tagger: Promise<Tagger> | null = null;

/** The dossier we ship. */
export function shuttleDossier(): Promise<Dossier> {
  return (dossier ??= loadDossier(resolve('dossiers/shuttle-diplomacy')));
}

/** The tagger of the dossier we ship. */
export function shuttleTagger(): Promise<Tagger> {
  return (tagger ??= shuttleDossier().then(createTagger));
}
