import { beforeAll, describe, expect, test } from 'vitest';
import { archiveChunks } from '../../bench/archive.ts';
import { newsWriter, outletsOf } from '../../bench/news.ts';
import type { NewsItem, NewsWriter, Outlet } from '../../bench/news.ts';
import { DOSSIER_LANGS } from '../../src/dossier/dossier.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { shuttleDossier } from '../support/shuttle-dossier.ts';

const MILLION = 1_000_000;
const UNTIL = new Date('2026-03-01T00:00:00Z');
const SAMPLE = 2_400;

let dossier: Dossier;
let outlets: readonly Outlet[];
beforeAll(async () => {
  dossier = await shuttleDossier();
  outlets = outletsOf(dossier, 40);
});

function writer(seed: number, count = SAMPLE): NewsWriter {
  return newsWriter({ dossier, outlets, seed, count, until: UNTIL });
}

function sample(write: NewsWriter): NewsItem[] {
  return Array.from({ length: SAMPLE }, (_, index) => write(index));
}

describe('generated news', () => {
  test('is the same for the same seed, in whatever order it is asked for, and another for another', () => {
    const once = sample(writer(1));
    const write = writer(1);
    const backwards = once.map((_, index) => write(SAMPLE - 1 - index)).reverse();
    expect(backwards).toEqual(once);
    expect(writer(2)(0)).not.toEqual(once[0]);
  });

  test('comes a chunk at a time: the first of a million costs no more than the first of five hundred', () => {
    let made = 0;
    const write = writer(1, MILLION);
    const chunks = archiveChunks((index) => {
      made += 1;
      return write(index);
    }, MILLION);
    const first = chunks.next().value ?? '';
    expect(first.trimEnd().split('\n')).toHaveLength(500);
    expect(made).toBe(500);
  });

  test('is in the languages of the dossier, with revisions and copies among it, each of an item before it', () => {
    const items = sample(writer(1));
    expect(new Set(items.map(({ lang }) => lang))).toEqual(new Set(DOSSIER_LANGS));
    const urls = new Set(items.map(({ url }) => url));
    const summaries = new Set(items.map(({ summary }) => summary));
    const revisions = items.length - urls.size;
    const copies = urls.size - summaries.size;
    for (const found of [revisions, copies]) {
      expect(found).toBeGreaterThan(SAMPLE * 0.005);
      expect(found).toBeLessThan(SAMPLE * 0.05);
    }
    for (const { title, summary, date } of items) {
      expect(title.length).toBeGreaterThanOrEqual(38);
      expect(summary.length).toBeLessThanOrEqual(300);
      expect(new Date(date).getTime()).toBeLessThan(UNTIL.getTime());
    }
  });
});
