import { describe, expect, test } from 'vitest';
import { compileRule, UnreadableRule } from '../../src/alerts/match.ts';
import { publisherId, subjectId } from '../../src/events/ids.ts';
import type { QueryItem } from '../../src/query/item.ts';
import { NOWHERE } from '../query/asking.ts';
import { NOON } from '../support/events.ts';
import { queryItem, rule, tag } from './support.ts';

const context = {
  ...NOWHERE,
  publishers: new Map([
    [publisherId('wire'), { name: 'Wire', family: 'wire', country: 'KR', stateRun: false }],
    [publisherId('organ'), { name: 'Organ', family: 'organ', country: 'CN', stateRun: true }],
  ]),
};

/** What fires the rule, each as a word; null when nothing does. */
function fired(query: string, change: Partial<QueryItem>, at = NOON): string[] | null {
  const matches = compileRule(rule('r', query), context).match(queryItem(change), at);
  return matches?.map((match) => ('subject' in match ? match.subject : match.surface)) ?? null;
}

const tags = (...ids: readonly string[]): QueryItem['tags'] =>
  ids.map((id, index) => ({ ...tag(id), salience: 0.9 - index / 10, surface: id }));

describe('a rule', () => {
  test.each([
    ['subject:nara subject:japan', ['nara'], null],
    ['subject:nara subject:japan', ['nara', 'japan', 'taiwan'], ['nara', 'japan']],
    ['subject:(nara OR japan)', ['taiwan'], null],
    ['subject:(nara OR japan)', ['japan', 'nara'], ['japan', 'nara']],
    ['subject:nara subject:(nara OR japan)', ['nara'], ['nara']],
    ['subject:nara -subject:deer', ['nara', 'deer'], null],
    ['subject:nara>=0.9', ['nara'], ['nara']],
    ['subject:nara>0.9', ['nara'], null],
  ])('%s, on %j: %j', (query, ids, expected) => {
    expect(fired(query, { tags: tags(...ids) })).toEqual(expected);
  });

  test.each([
    ['정상회담', '한일 정상회담이 열린다', '정상회담'],
    ['高市首相', '高市首相、訪韓へ', '高市首相'],
    ['台湾問題', '他談到臺灣問題', '臺灣問題'],
    ['"shuttle summit"', 'Two shuttle summits in a year', 'shuttle summits'],
  ])('by words alone fires on an item without tags: %s', (words, title, surface) => {
    expect(fired(words, { title })).toEqual([surface]);
    expect(fired(`title:${words}`, { text: title })).toBeNull();
  });

  test('by who does what to whom names both', () => {
    const event = { type: 'sanction' as const, from: [subjectId('china')], to: [subjectId('japan')] };
    const query = 'event:sanction actor:china target:japan';
    expect(fired(query, { event, tags: tags('china', 'japan', 'taiwan') })).toEqual(['china', 'japan']);
    expect(fired('event:sanction subject:taiwan', { event, tags: tags('taiwan') })).toEqual(['taiwan']);
    expect(fired(query, { event: null, tags: tags('china', 'japan') })).toBeNull();
  });

  test('subjects come before words among its reasons', () => {
    expect(fired('summit subject:nara', { title: 'A summit', tags: tags('nara') })).toEqual([
      'nara',
      'summit',
    ]);
  });

  test('by country, family and state asks what the dossier knows of publishers', () => {
    const item = { tags: tags('nara'), publisher: publisherId('organ') };
    expect(fired('subject:nara country:CN state:yes', item)).toEqual(['nara']);
    expect(fired('subject:nara -country:CN', item)).toBeNull();
    expect(fired('subject:nara family:wire', { ...item, publisher: publisherId('wire') })).toEqual(['nara']);
  });

  test('that asks for no subject and no words fires on nothing', () => {
    for (const query of ['lang:en', '-subject:nara', '*', 'lang:en OR subject:nara']) {
      expect(fired(query, { tags: tags('nara') })).toBeNull();
    }
  });

  test('with a relative time counts from the moment of the tagging, whatever the clock says', () => {
    const item = { tags: tags('nara'), published: new Date(NOON.getTime() - 3_600_000) };
    const query = 'subject:nara published:>=now-2h';
    expect(fired(query, item)).toEqual(['nara']);
    expect(fired(query, item, new Date(NOON.getTime() + 7_200_000))).toBeNull();
  });

  test('that cannot be understood says which and why', () => {
    const build = (): unknown => compileRule(rule('broken', 'entity:nobody'), context);
    expect(build).toThrow(UnreadableRule);
    expect(build).toThrow(/^broken: nobody is no entity of the dossier/);
  });
});
