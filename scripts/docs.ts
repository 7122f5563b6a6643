import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { configurationPage } from './configuration-page.ts';
import { queryManual } from './query-manual.ts';

/** Writes the pages of docs/ that are made from tables of the code. */
const PAGES = { 'docs/query.md': queryManual, 'docs/configuration.md': configurationPage };

for (const [page, make] of Object.entries(PAGES)) {
  await writeFile(page, await format(make(), { ...(await resolveConfig(page)), filepath: page }));
}
