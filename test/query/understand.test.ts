import { describe, expect, test } from 'vitest';
import { shuttleDossier } from '../support/shuttle-dossier.ts';
import { feedId, publisherId, subjectId } from '../../src/events/ids.ts';
import { contextOf } from '../../src/query/context.ts';
import type { QueryContext } from '../../src/query/context.ts';
import { FIELDS } from '../../src/query/fields.ts';
import type { QueryItem } from '../../src/query/item.ts';
import { renderProblems } from '../../src/query/problem.ts';
import { understand } from '../../src/query/understand.ts';
import type { ItemFilter } from '../../src/query/understand.ts';

const NOW = new Date('2026-01-13T03:00:00Z');
const context: QueryContext = contextOf(await shuttleDossier(), {
  now: NOW,
  zone: 'Asia/Seoul',
});

const ITEM: QueryItem = {
  feed: feedId('yonhap-ko'),
  publisher: publisherId('yonhap'),
  url: 'https://www.yna.co.kr/view/AKR1?section=politics',
  lang: 'ko',
  published: new Date('2026-01-12T15:00:00Z'),
  recordedAt: new Date('2026-01-13T02:00:00Z'),
  revision: 0,
  backfill: null,
  title: '이재명은 나라에서 高市首相와 만났다',
  text: 'The two summits on 臺灣問題 and shuttle diplomacy',
  tags: [
    { id: subjectId('sanae-takaichi'), kind: 'person', salience: 0.7, surface: '高市' },
    { id: subjectId('shuttle-diplomacy'), kind: 'topic', salience: 0.1, surface: 'shuttle diplomacy' },
  ],
  relevance: 0.8,
  event: { type: 'sanction', from: [subjectId('china')], to: [subjectId('japan')] },
};

function filterOf(text: string): ItemFilter {
  const result = understand(text, context);
  if ('problems' in result) throw new Error(renderProblems(text, result.problems));
  return result.filter;
}

const refused = (text: string): string => {
  const result = understand(text, context);
  return 'problems' in result ? renderProblems(text, result.problems) : 'understood';
};

test.each(FIELDS.flatMap(({ name, examples }) => examples.map((example) => [name, example])))(
  'the manual example of %s: is understood: %s',
  (_, example) => {
    expect(filterOf(example).notes).toEqual([]);
  },
);

describe('what a query finds', () => {
  test.each([
    'entity:sanae-takaichi topic:shuttle-diplomacy', 'entity:*', 'topic:*', 'entity:sanae*', 'entity:sanae-takaichi>=0.7',
    'topic:shuttle-diplomacy<=0.1', 'subject:shuttle*', 'kind:person', 'lang:ko', 'lang:*', 'publisher:yonhap', 'family:yonhap',
    'country:kr', 'state:no', '-state:yes', 'feed:yonhap-ko', 'published:2026-01-13', 'published:today', 'published:2026-01',
    'published:[2026-01-13 TO 2026-01-13]', 'published:>=now-24h', 'published:2026-01-13T00:00', 'published:>2026-01-12',
    'published:<=2026-01-12T15:00Z', 'published:*', 'recorded:>=now-2h', 'salience:>=0.7', '이재명', '高市', '台湾', '臺灣', 'summit',
    '"shuttle diplomacy"', 'shuttle-diplomacy', 'diplom*', 'title:高市首相', 'text:summits', '-title:summits', 'url:yna.co.kr',
    'url:yna.co.kr/view*'.replace('yna', 'www.yna'), 'url:https://www.yna.co.kr/view/AKR1?section=politics', 'url:*', '-is:revised',
    'NOT is:backfill', 'a OR 이재명', '', '*', 'entity:(xi-jinping OR sanae-takaichi)>=0.5',
  ])('%s', (text) => {
    expect(filterOf(text).matches(ITEM)).toBe(true);
  }); // prettier-ignore

  test.each([
    'entity:xi-jinping', 'entity:sanae-takaichi>0.7', 'topic:shuttle-diplomacy>=0.2', 'kind:place', 'lang:ja', 'lang:und', 'country:JP',
    'state:yes', 'published:2026-01-12', 'published:>2026-01-13', 'published:<2026-01-13', 'recorded:<now-2h', 'salience:>0.7',
    '나라사', 'title:summits', '"diplomacy shuttle"', 'url:na.co.kr', 'is:revised', '-*', '"만났다 The"',
  ])('not by %s', (text) => {
    expect(filterOf(text).matches(ITEM)).toBe(false);
  }); // prettier-ignore

  test('an item without a date, URL or language is found by what it has not', () => {
    const bare = { ...ITEM, published: null, url: null, lang: null };
    for (const text of [
      '-published:*',
      '-url:*',
      '-lang:*',
      'lang:und',
      '-published:>=2020',
      '-url:yna.co.kr',
    ]) {
      expect(filterOf(text).matches(bare)).toBe(true);
    }
    expect(filterOf('published:<2030').matches(bare)).toBe(false);
  });

  test('it shows what it rests on, and nothing of what is excluded', () => {
    expect(
      filterOf('(entity:sanae-takaichi OR entity:xi-jinping) summit -lang:ja -"nothing"').evidence(ITEM),
    ).toEqual([
      { subject: 'sanae-takaichi', salience: 0.7, surface: '高市' },
      { words: 'summit', field: 'text', surface: 'summits' },
    ]);
    expect(filterOf('entity:xi-jinping').evidence(ITEM)).toEqual([]);
  });

  test('of an event it shows the words that say its type, and the parties as they are named', () => {
    const cue = { field: 'title' as const, start: 6, end: 10, surface: 'bans', rule: 'act' };
    const from = [subjectId('sanae-takaichi'), subjectId('japan')];
    const item = {
      ...ITEM,
      event: { type: 'sanction' as const, from, to: [subjectId('china')], cues: [cue] },
    };
    expect(filterOf('event:sanction actor:sanae* target:china').evidence(item)).toEqual([
      { words: 'event:sanction', field: 'title', surface: 'bans' },
      { subject: 'sanae-takaichi', salience: 0.7, surface: '高市' },
      { subject: 'china', salience: 0, surface: '' },
    ]);
  });

  test.each([
    ['entity:taiwan lang:ko', true],
    ['lang:ko', false],
    ['-entity:taiwan', false],
    ['entity:taiwan OR lang:ko', false],
    ['summit OR topic:cptpp', true],
    ['entity:*', false],
    ['subject:* lang:ko', false],
    ['actor:china', true],
    ['event:sanction actor:china target:japan', true],
    ['event:sanction', false],
    ['actor:*', false],
    ['', false],
  ])('whether %s asks for subjects or words: %s', (text, telling) => {
    expect(filterOf(text).telling).toBe(telling);
  });

  test('bounds of publication follow the tree', () => {
    const since = new Date('2026-01-03T15:00:00Z');
    const until = new Date('2026-01-15T15:00:00Z');
    expect(filterOf('published:[2026-01-04 TO 2026-01-15] x').published).toEqual({ since, until });
    expect(filterOf('published:>=2026-01-04 published:<=2026-01-15').published).toEqual({ since, until });
    expect(filterOf('published:2026-01-04 OR published:2026-01-15').published).toEqual({ since, until });
    expect(filterOf('published:>=2026-01-04 OR x').published).toBeNull();
    expect(filterOf('-published:>=2026-01-04').published).toBeNull();
  });
});

describe('what is wrong is shown where it stands', () => {
  test.each([
    [
      'entity:takaichi-sanae',
      '       ^^^^^^^^^^^^^^\ntakaichi-sanae is no entity of the dossier; did you mean sanae-takaichi?',
    ],
    ['publishd:2026', '^^^^^^^^\nthere is no field publishd:; did you mean published:'],
    [
      '台湾 entity:cptpp',
      '            ^^^^^\ncptpp is an agreement; did you mean topic:cptpp?'.replace(
        'a agreement',
        'an agreement',
      ),
    ],
    ['entity:高市', '       ^^^^\n高市 is no entity of the dossier; did you mean sanae-takaichi'],
    ['published:2026-02-30', '          ^^^^^^^^^^\n2026-02-30 is no time: write'],
    ['is:revized', '   ^^^^^^^\nis: is one of revised, backfill; did you mean revised?'],
    ['lang:>=3', '     ^^^\nlang: cannot be compared'],
    ['title:x>=0.3', '      ^^^^^^\ntitle: has no salience'],
    ['salience:high', '         ^^^^\nexpected a comparison with a number'],
    ['entity:taiwan>=much', '       ^^^^^^^^^^^^\na salience is a number'],
    ['"—"', '^^^\nthere are no letters or digits in it'],
    ['state:maybe', '      ^^^^^\nstate: is yes or no'],
    ['country:XX', 'no publisher of the dossier has the country XX'],
    ['title:-taiwan', 'did you mean -title:taiwan?'],
    ['trump −china', 'did you mean -china?'],
    ['a || b', 'did you mean OR?'],
    ['salience:>=3', 'a number from 0 to 1'],
    ['entity:taiwan>=2', 'a salience is a number from 0 to 1'],
    ['https://a.example/', '^^^^^\nthere is no field https:; did you mean url:'],
  ])('%s', (text, shown) => {
    expect(refused(text)).toContain(shown);
  });

  test('all of it at once; and what may be right all the same is a note', () => {
    expect(refused('entity:nobody-here topic:cptp publishd:x')).toMatch(/nobody-here.*cptpp.*published/s);
    for (const [text, meant] of [
      ['publisher:yonhup', 'yonhap'],
      ['subject:tiawan', 'taiwan'],
      ['lang:kr', 'ko'],
      ['lang:zh-TW', 'zh-Hant'],
    ] as const) {
      expect(filterOf(text).notes[0]).toMatchObject({ suggestions: [meant] });
    }
    expect(filterOf('published:[2026-01-15 TO 2026-01-04]').notes[0]?.message).toContain(
      'ends before it begins',
    );
  });

  test('a long query is cut around the place, and control characters go', () => {
    const shown = refused(`${'a '.repeat(80)}entity:x\u001b[31m ${'b '.repeat(80)}`);
    expect(shown.split('\n')[0]?.length).toBeLessThan(110);
    expect(shown).not.toContain('\u001b');
  });
});
