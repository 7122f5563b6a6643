import { expect, test } from 'vitest';
import { AliasUsage } from '../../src/classify/alias-usage.ts';
import { findingsOf } from '../../src/classify/dossier-findings.ts';
import { createTagger } from '../../src/classify/tagger.ts';
import { MENTIONS_MAX } from '../../src/classify/tags.ts';
import { locator } from '../../src/dossier/locate.ts';
import { loadDossier } from '../../src/dossier/load.ts';
import { subjectYaml, withFolder } from '../dossier/folder.ts';
import { alias, subject } from './dossier.ts';

function told(...subjects: ReturnType<typeof subject>[]): string[] {
  return findingsOf({ subjects }).map(({ kind, subject: id, alias: { text } }) => `${kind} ${id} ${text}`);
}

test('names that can be taken are no findings, with their conditions met and on their days', () => {
  const surname = alias('Lee', 'en', { requires: ['@lee', 'Seoul'] });
  const office = alias('South Korean president', 'en', { from: '2025-06-04' });
  const seen = told(
    subject('lee', 'person', [alias('Lee Jae Myung', 'en'), surname, office, alias('李在明', 'zh-Hans')]),
    subject(
      'nara',
      'place',
      ['in Nara', 'In Nara'].map((text) => alias(text, 'en', { exactCase: true })),
    ),
    subject('japan', 'country', [alias('Japan', 'en'), alias('日', 'ja'), alias('일본', 'ko')]),
    subject('summits', 'topic', [alias('summit there', 'en', { requires: ['@japan'] })]),
  );
  expect(seen).toEqual([]);
});

test('one word that names subjects of different kinds is a collision, though all of them are tagged', () => {
  const seen = told(
    subject('korea', 'country', [alias('South Korea', 'en'), alias('Andong', 'en')]),
    subject('andong', 'place', [alias('Andong', 'en')]),
  );
  expect(seen).toEqual(['collision korea Andong']);
});

test('a name is found out that its own exceptions refuse, or whose condition no text can meet', () => {
  const seen = told(
    subject('australia', 'country', [
      alias('澳大利亚', 'zh-Hans'),
      alias('澳', 'zh-Hans', { notIn: ['澳大利亚'] }),
    ]),
    subject('mine', 'place', [alias('the mine', 'en', { requires: ['@pit'] })]),
    subject('pit', 'place', [alias('the pit', 'en', { requires: ['@mine'] })]),
  );
  expect(seen).toEqual(['never australia 澳大利亚', 'never mine the mine', 'never pit the pit']);
});

test('names of several are told with what the tagger makes of them, and conditions that count for nothing', () => {
  const seen = findingsOf({
    subjects: [
      subject('korea', 'country', [alias('한일', 'ko')]),
      subject('japan', 'country', [alias('한일', 'ko'), alias('Japan', 'en')]),
      subject('party', 'organisation', [
        alias('TPP', 'en', { requires: ['Taipei'] }),
        alias('Party', 'en'),
        alias('Party', 'en', { requires: ['Taipei'] }),
      ]),
      subject('pact', 'agreement', [alias('TPP', 'en')]),
    ],
  });
  expect(seen.map(({ kind, message }) => `${kind}: ${message}`)).toEqual([
    'shared: 한일 is a name of korea, japan; by itself, all of them are tagged',
    'collision: TPP is a name of pact, party; by itself, pact is tagged',
    'shadowed: Party counts without a condition, so the conditions of Party count for nothing',
  ]);
});

test('texts tell how often a name stands in longer words and is refused there', () => {
  const dossier = { subjects: [subject('nara', 'place', [alias('나라', 'ko'), alias('Nara', 'en')])] };
  const [tagger, usage] = [createTagger(dossier), new AliasUsage(dossier)];
  for (const title of ['우리나라 경제', '우리나라는 넓다', '우리나라 역사', 'A day in Nara', 'Narara']) {
    usage.look({ title, text: '' }, tagger.tag({ title, text: '' }));
  }
  expect(
    usage.uses.map(({ alias: { text }, seen, refused, longer }) => [text, seen, refused, [...longer]]),
  ).toEqual([
    [
      '나라',
      3,
      3,
      [
        ['우리나라', 2],
        ['우리나라는', 1],
      ],
    ],
    ['Nara', 1, 0, []],
  ]);
});

test('places behind the last mention that a tag lists count as nothing, neither taken nor refused', () => {
  const dossier = { subjects: [subject('nara', 'place', [alias('나라', 'ko'), alias('Nara', 'en')])] };
  const [tagger, usage] = [createTagger(dossier), new AliasUsage(dossier)];
  const text = `우리나라 ${'Nara, '.repeat(MENTIONS_MAX + 50)} 우리나라`;
  const input = { title: '', text, body: 'A day in Nara' };
  usage.look(input, tagger.tag(input));
  expect(usage.uses.map(({ seen, refused }) => [seen, refused])).toEqual([
    [1, 1],
    [MENTIONS_MAX, 0],
  ]);
});

test('a name is found where the files have it, a label with the subject', async () => {
  const more = '  aliases:\n    ko:\n      - 고도\n      - { text: 나라, from: 2026-01-01 }\n';
  await withFolder(
    { 'entities.yaml': `${subjectYaml('osaka')}${subjectYaml('nara', more)}` },
    async (folder) => {
      const nara = (await loadDossier(folder)).subjects[1];
      const locate = await locator(folder);
      const places = nara?.aliases.filter(({ lang }) => lang === 'ko').map((one) => locate('nara', one));
      expect(places?.map((place) => `${place?.file}:${place?.line} ${place?.field}`)).toEqual([
        'entities.yaml:6 [1].labels.ko',
        'entities.yaml:9 [1].aliases.ko[0]',
        'entities.yaml:10 [1].aliases.ko[1]',
      ]);
    },
  );
});
