import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { createTagger } from '../src/classify/tagger.ts';
import { loadDossier } from '../src/dossier/load.ts';
import { FIGURES, OWN_SET, scoreAt } from './quality-own.ts';
import { qualityPage } from './quality-page.ts';
import type { QualityFigures } from './quality-page.ts';
import { sharesOf } from './quality-score.ts';
import type { SetScore } from './quality-score.ts';

/** Scores the tagger on our own labelled set and on the one at QUALITY_SET, and writes docs/quality.md. */
const PAGE = 'docs/quality.md';

function say(name: string, { all, byLang }: SetScore): void {
  const rows = Object.entries({ all, ...byLang }).map(([lang, counts]) => {
    const { precision, recall, f1 } = sharesOf(counts);
    return `${name} ${lang}: precision ${precision.toFixed(3)}, recall ${recall.toFixed(3)}, F1 ${f1.toFixed(3)}`;
  });
  process.stdout.write(`${rows.join('\n')}\n`);
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, await format(text, { ...(await resolveConfig(path)), filepath: path }));
}

const tagger = createTagger(await loadDossier('dossiers/shuttle-diplomacy'));
const own = await scoreAt(OWN_SET, tagger);
say('own', own);
const outsideSet = process.env['QUALITY_SET'];
const before = existsSync(FIGURES) ? (JSON.parse(await readFile(FIGURES, 'utf8')) as QualityFigures) : null;
let outside = before?.outside ?? null;
if (outsideSet !== undefined && outsideSet !== '') {
  const score = await scoreAt(outsideSet, tagger).catch((error: unknown) => {
    // A path mistyped or a line that is no item: whoever set it needs no stack, and nothing was written yet.
    process.stderr.write(`QUALITY_SET: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(2);
  });
  say('outside', score);
  outside = { tagger: tagger.version, score };
}
const figures: QualityFigures = { tagger: tagger.version, own, outside };
await write(FIGURES, JSON.stringify(figures));
await write(PAGE, qualityPage(figures));
