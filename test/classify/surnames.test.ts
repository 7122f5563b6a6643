import { beforeAll, describe, expect, test } from 'vitest';
import type { Tagger } from '../../src/classify/tagger.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

const named = (title: string): readonly string[] =>
  tagger.tag({ title, text: '', lang: 'en', date: '2026-02-03' }).tags.map(({ id }): string => id);

describe('a surname is the president’s', () => {
  test.each([
    ['President Lee Tuesday met reporters'],
    ['Lee, a former labor lawyer, hears Seoul unions'],
    ["Seoul's Lee and Tokyo's Takaichi speak by phone"],
    ["Monday's Lee cabinet meeting hears Seoul's mayor"],
    ["It's Lee's turn, says Seoul"],
    ['Today Lee meets the mayor of Seoul'],
    ['Lee, 8 business leaders leave Seoul'],
  ])('%s', (title) => {
    expect(named(title)).toContain('lee-jae-myung');
  });
});

describe('a surname is another’s behind kin, a trade or a company, and before an age or an introduction', () => {
  test.each([
    ['My husband Lee loves Seoul'],
    ['Seoul golfer Lee holes out'],
    ["Samsung's Lee returns to Seoul"],
    ['Lee, 34, denies it, Seoul police say'],
    ['Lee, a retired welder, stays in Seoul'],
  ])('%s', (title) => {
    expect(named(title)).not.toContain('lee-jae-myung');
  });
});

test('an office with an article is nobody’s in particular', () => {
  expect(named('A Japanese prime minister has never been there')).not.toContain('sanae-takaichi');
});
