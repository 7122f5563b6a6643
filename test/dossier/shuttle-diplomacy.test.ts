import { resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { DOSSIER_LANGS } from '../../src/dossier/dossier.ts';
import type { Query } from '../../src/query/ast.ts';
import { openDossier } from '../../src/query/dossier.ts';
import { parseQuery } from '../../src/query/parse.ts';

let dossier: Dossier;
beforeAll(async () => {
  // With the queries of its rules: one that cannot be understood fails all of this.
  dossier = await openDossier(resolve('dossiers/shuttle-diplomacy'));
});

/** The subjects that a query asks for, the excluded ones left out. */
function askedFor(text: string): string[] {
  const parsed = parseQuery(text);
  const walk = (query: Query): string[] => {
    if (query.kind === 'and' || query.kind === 'or') return query.parts.flatMap(walk);
    return query.kind === 'term' && query.value.kind === 'word' ? [query.value.text] : [];
  };
  return 'query' in parsed ? walk(parsed.query) : [];
}

/** What the story turns on; the ids are public interface: rules, saved searches and other people's scripts name them. */
const SUBJECTS = [
  'lee-jae-myung',
  'xi-jinping',
  'sanae-takaichi',
  'li-qiang',
  'zhao-leji',
  'taiwan',
  'takeshima-dokdo',
  'cptpp',
  'rare-earths',
  'dual-use-export-ban',
  'nk-denuclearization',
  'one-china',
  'japan-sdf',
  'chosei-mine',
  'marine-imports',
  'hallyu-ban',
  'shuttle-diplomacy',
  'trilateral-us',
  'economic-security',
  'nara',
  'horyuji',
  'andong',
  'beijing',
  'shanghai',
  'osaka',
  'south-korea',
  'japan',
  'china',
  'north-korea',
  'united-states',
];

describe('the dossier that ships', () => {
  test('knows everyone and everything the story turns on', () => {
    const known = new Set(dossier.subjects.map((subject) => subject.id as string));
    expect(SUBJECTS.filter((id) => !known.has(id))).toEqual([]);
  });

  test('names each subject in every language it speaks', () => {
    const nameless = dossier.subjects.flatMap(({ id, labels }) =>
      DOSSIER_LANGS.filter((lang) => labels[lang].trim() === '').map((lang) => `${id} ${lang}`),
    );
    expect(nameless).toEqual([]);
  });

  test('watches at least forty feeds in the four languages, each with where its address was seen', () => {
    expect(dossier.feeds.length).toBeGreaterThanOrEqual(40);
    const langs = new Set(dossier.feeds.map((feed) => feed.lang.split('-', 1)[0]));
    for (const lang of ['en', 'ko', 'ja', 'zh']) expect(langs).toContain(lang);
    expect(dossier.feeds.filter((feed) => feed.seen === '')).toEqual([]);
  });

  test('has a rule for every commitment that can be followed by one', () => {
    const watched = new Set<string>(dossier.rules.flatMap(({ query }) => askedFor(query)));
    const unwatched = dossier.commitments.filter(({ subjects }) => !subjects.some((id) => watched.has(id)));
    expect(unwatched.map(({ id }) => id)).toEqual([]);
  });
});
