import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { queryManual } from './query-manual.ts';

/** Writes the pages of docs/ that are made from tables of the code. */
const PAGE = 'docs/query.md';
await writeFile(PAGE, await format(queryManual(), { ...(await resolveConfig(PAGE)), filepath: PAGE }));
