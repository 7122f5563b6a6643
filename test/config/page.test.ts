import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { expect, test } from 'vitest';
import { configurationPage } from '../../scripts/configuration-page.ts';

const PAGE = 'docs/configuration.md';

test('docs/configuration.md is what `npm run docs` makes of the table of settings', async () => {
  const made = await format(configurationPage(), { ...(await resolveConfig(PAGE)), filepath: PAGE });
  expect(await readFile(PAGE, 'utf8')).toBe(made);
});
