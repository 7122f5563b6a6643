import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Tagger } from '../src/classify/tagger.ts';
import { readSet } from './quality-set.ts';
import type { LabelledItem } from './quality-set.ts';
import { scoreSet } from './quality-score.ts';
import type { SetScore } from './quality-score.ts';

export const OWN_SET = 'fixtures/tagging';
/** The ids that are scored. */
const SCORED = 'fixtures/tagging/scored.json';
/** What `npm run quality` last found. */
export const FIGURES = 'fixtures/tagging/figures.json';

export async function readScored(): Promise<ReadonlySet<string>> {
  return new Set(z.array(z.string().min(1)).parse(JSON.parse(await readFile(SCORED, 'utf8'))));
}

function tagsOf(tagger: Tagger): (item: LabelledItem) => readonly string[] {
  return ({ title, text, lang, date }) =>
    tagger.tag({ title, text, lang, date }).tags.map(({ id }): string => id);
}

/** How the tagger does on the set at `path`. */
export async function scoreAt(path: string, tagger: Tagger): Promise<SetScore> {
  return scoreSet(await readSet(path), tagsOf(tagger), await readScored());
}
