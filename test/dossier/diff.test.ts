import { expect, test } from 'vitest';
import { dossierDiffText } from '../../src/cli/dossier-diff-text.ts';
import { diffDossiers } from '../../src/dossier/diff.ts';
import type { Dossier } from '../../src/dossier/dossier.ts';
import { ruleId } from '../../src/events/ids.ts';
import { alias, subject } from '../classify/dossier.ts';

const pattern = { name: 'visit', noneOf: [], withinChars: null, from: null, until: null };
const rule = { rule: ruleId('on-nara'), title: 'Nara', about: '', channels: ['console'] };
const NOTHING = { rivals: [], publishers: [], feeds: [], commitments: [], name: 'd', folder: '' };
const OLD: Dossier = {
  ...NOTHING,
  version: 'v1',
  subjects: [
    subject('nara', 'place', [alias('Nara', 'en'), alias('Narra', 'en'), alias('나라', 'ko')]),
    subject('seoul', 'place', []),
    { ...subject('kyushu-mine', 'place', [alias('mine', 'en')]), wikidata: 'Q1' },
    subject('visits', 'topic', [], [{ ...pattern, allOf: [['visit', 'trip'], ['Nara']] }]),
  ],
  rules: [{ ...rule, query: 'nara' }],
};
const NEW: Dossier = {
  ...NOTHING,
  version: 'v2',
  subjects: [
    {
      ...subject('nara', 'place', [
        alias('나라', 'ko', { notIn: ['우리나라'] }),
        alias('Nara', 'en'),
        alias('奈良', 'ja'),
      ]),
      importance: 0.5,
    },
    subject('andong', 'place', []),
    { ...subject('chosei-mine', 'place', [alias('mine', 'en'), alias('pit', 'en')]), wikidata: 'Q1' },
    subject('visits', 'topic', [], [{ ...pattern, allOf: [['visit', 'stay'], ['Nara']] }]),
  ],
  rules: [{ ...rule, query: 'nara lang:ko' }],
};

test('dossiers are compared entry by entry, and a thing under another id is the same thing', () => {
  const { subjects, rules } = diffDossiers(OLD, NEW);
  expect(subjects).toMatchObject({
    added: ['andong'],
    removed: ['seoul'],
    renamed: [{ from: 'kyushu-mine', to: 'chosei-mine' }],
  });
  expect(subjects.changed.map(({ id }) => id)).toEqual(['nara', 'visits', 'chosei-mine']);
  expect(subjects.changed[0]).toEqual({
    id: 'nara',
    fields: [{ field: 'importance', was: 1, is: 0.5 }],
    aliases: [
      { lang: 'en', added: [], removed: ['Narra'], changed: [] },
      {
        lang: 'ko',
        added: [],
        removed: [],
        changed: [{ text: '나라', fields: [{ field: 'notIn', was: [], is: ['우리나라'] }] }],
      },
      { lang: 'ja', added: ['奈良'], removed: [], changed: [] },
    ],
    patterns: { added: [], removed: [], changed: [] },
  });
  expect(rules.changed).toEqual([
    { id: 'on-nara', fields: [{ field: 'query', was: 'nara', is: 'nara lang:ko' }] },
  ]);
});

test('a comparison is told in lines that fit a terminal', () => {
  expect(dossierDiffText(diffDossiers(OLD, NEW), 80)).toBe(`d v1 → d v2

entities and topics: 1 added, 1 removed, 3 changed
kyushu-mine is chosei-mine now
+ andong
- seoul
~ nara
    importance: 1 → 0.5
    en - Narra
    ko ~ 나라: notIn: +우리나라
    ja + 奈良
~ visits
    ~ pattern visit
        allOf[0]: +stay, -trip
~ chosei-mine
    labels.en: kyushu-mine → chosei-mine; labels.ko: kyushu-mine →
      chosei-mine; labels.ja: kyushu-mine → chosei-mine; labels.zh-Hans:
      kyushu-mine → chosei-mine; labels.zh-Hant: kyushu-mine → chosei-mine
    en + pit

rules: 0 added, 0 removed, 1 changed
~ on-nara
    query: nara → nara lang:ko
`);
  expect(dossierDiffText(diffDossiers(OLD, OLD), 80)).toBe('d v1 → d v1\nthey say the same\n');
});
