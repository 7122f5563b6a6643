import { readFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { beforeAll, describe, expect, test } from 'vitest';
import { FIGURES, OWN_SET, readScored, scoreAt } from '../../scripts/quality-own.ts';
import { qualityPage } from '../../scripts/quality-page.ts';
import type { QualityFigures } from '../../scripts/quality-page.ts';
import { scoreSet, sharesOf } from '../../scripts/quality-score.ts';
import type { SetScore } from '../../scripts/quality-score.ts';
import { QUALITY_LANGS, readSet } from '../../scripts/quality-set.ts';
import type { LabelledItem } from '../../scripts/quality-set.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

/** Items our own set has to have at least. */
const OWN_ITEMS_MIN = 300;

let kept: QualityFigures;
let now: SetScore;
beforeAll(async () => {
  kept = JSON.parse(await readFile(FIGURES, 'utf8')) as QualityFigures;
  now = await scoreAt(OWN_SET, await shuttleTagger());
});

describe('the tagger on our own labelled set', () => {
  test.each(QUALITY_LANGS)('has not become worse in %s', (lang) => {
    const [before, after] = [kept.own.byLang[lang], now.byLang[lang]];
    if (before === undefined || after === undefined) throw new Error(`there is no item in ${lang}`);
    expect(sharesOf(after).f1).toBeGreaterThanOrEqual(sharesOf(before).f1);
    expect(after.items).toBeGreaterThanOrEqual(before.items);
  });

  test('is as docs/quality.md says', async () => {
    expect(kept.own).toEqual(now);
    const page = await readFile('docs/quality.md', 'utf8');
    const style = { ...(await resolveConfig('docs/quality.md')), filepath: 'docs/quality.md' };
    expect(page).toBe(await format(qualityPage(kept), style));
  });
});

describe('our own labelled set', () => {
  let items: readonly LabelledItem[];
  beforeAll(async () => {
    items = await readSet(OWN_SET);
  });

  test('is large, and half of it are traps', () => {
    expect(items.length).toBeGreaterThanOrEqual(OWN_ITEMS_MIN);
    expect(now.traps.items * 2).toBeGreaterThanOrEqual(items.length);
  });

  test.each(QUALITY_LANGS)('names every scored entity in %s', async (lang) => {
    const named = new Set(items.filter((item) => item.lang === lang).flatMap(({ gold }) => gold));
    expect([...(await readScored())].filter((id) => !named.has(id))).toEqual([]);
  });
});

test('what is optional counts nowhere, what is not scored neither, an error once in each direction', () => {
  const item = (id: string, gold: readonly string[], optional: readonly string[] = []): LabelledItem => ({
    id,
    lang: 'en',
    date: '2026-01-13',
    title: '',
    text: '',
    gold: [...gold],
    optional: [...optional],
  });
  const tags: Readonly<Record<string, readonly string[]>> = { a: ['x', 'y', 'z'], b: ['y'], c: [] };
  const score = scoreSet(
    [item('a', ['x'], ['y']), item('b', ['x']), item('c', ['z'])],
    ({ id }) => tags[id] ?? [],
    new Set(['x', 'y']),
  );
  expect(score.all).toEqual({ right: 1, wrong: 1, missed: 1 });
  expect(score.errors).toEqual([{ item: 'b', wrong: ['y'], missed: ['x'] }]);
  expect(score.exact).toBe(2);
  expect(sharesOf(score.all)).toEqual({ precision: 0.5, recall: 0.5, f1: 0.5 });
});
