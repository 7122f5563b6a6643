import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { queryManual, SHOWN_QUERIES } from '../../scripts/query-manual.ts';
import { shuttleDossier } from '../support/shuttle-dossier.ts';
import { contextOf } from '../../src/query/context.ts';
import { NOON } from '../support/events.ts';
import { filterOf } from './asking.ts';

const PAGE = 'docs/query.md';

test('docs/query.md is what `npm run docs` makes of the table of fields', async () => {
  const made = await format(queryManual(), { ...(await resolveConfig(PAGE)), filepath: PAGE });
  expect(await readFile(PAGE, 'utf8')).toBe(made);
});

test('every query that the manual shows is understood, with nothing to remark', async () => {
  const context = contextOf(await shuttleDossier(), { now: NOON, zone: 'UTC' });
  const page = await readFile(PAGE, 'utf8');
  expect(SHOWN_QUERIES.length).toBeGreaterThanOrEqual(10);
  for (const query of SHOWN_QUERIES) {
    expect(filterOf(query, context).notes).toEqual([]);
    expect(page).toContain(query);
  }
});
