import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { compileRule } from '../../src/alerts/match.ts';
import { EVENT_TYPES } from '../../src/events/event.ts';
import type { StreamId } from '../../src/events/ids.ts';
import { publisherId, ruleId, ruleStream, subjectId } from '../../src/events/ids.ts';
import type { RuleDefined } from '../../src/events/rule.ts';
import { schemaVersionOf, upcast } from '../../src/events/upcast.ts';
import type { QueryItem } from '../../src/query/item.ts';
import { UnknownEvent } from '../../src/store/errors.ts';
import { readStream } from '../../src/store/read.ts';
import { queryItem, rule } from '../alerts/support.ts';
import { filterOf, NOWHERE } from '../query/asking.ts';
import { NOON } from '../support/events.ts';
import { appendStored, goldenCases } from '../support/golden.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
let golden: { rule: string; definition: object };

beforeAll(async () => {
  const [first] = await goldenCases('RuleDefined-v1');
  golden = first?.stored.data as typeof golden;
});

async function store(stream: StreamId, version: number): Promise<void> {
  const event = { event_id: crypto.randomUUID(), type: 'RuleDefined', schema_version: version };
  await appendStored(log.store.db, [
    { stream_id: stream, ...event, decided_at: NOON.toISOString(), data: golden },
  ]);
}

/** What such a rule meant: this is how it was judged. */
function fired(when: Condition, item: QueryItem): boolean {
  const { all, any, none, langs, publishers } = when;
  const has = (id: string): boolean => item.tags.some((tag) => tag.id === id);
  const salient = (id: string): boolean =>
    item.tags.some((tag) => tag.id === id && tag.salience >= when.salienceMin);
  return (
    all.length + any.length > 0 &&
    (langs.length === 0 || langs.includes(item.lang?.split('-')[0] ?? '')) &&
    (publishers.length === 0 || publishers.includes(item.publisher)) &&
    !none.some(has) &&
    all.every(salient) &&
    (any.length === 0 || any.some(salient))
  );
}

const SUBJECTS = ['nara', 'japan', 'deer', 'or', 'not', 'to', '7', 'a-7'];
const list = (...names: readonly string[]): fc.Arbitrary<string[]> =>
  fc.uniqueArray(fc.constantFrom(...names), { maxLength: 3 });
const salience = fc.oneof(
  fc.constantFrom(0, 1, 0.1, 0.3, 0.1 + 0.2, 1e-7, 5e-10, 1 / 3),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const conditions = fc.record({
  all: list(...SUBJECTS),
  any: list(...SUBJECTS),
  none: list(...SUBJECTS),
  salienceMin: salience,
  langs: list('ko', 'or', 'zh'),
  publishers: list('wire', 'and', 'organ'),
});
type Condition = typeof conditions extends fc.Arbitrary<infer Value> ? Value : never;
const items = fc
  .record({
    tags: fc.uniqueArray(
      fc.record({ id: fc.constantFrom(...SUBJECTS), salience: fc.constantFrom(0.05, 0.2, 0.5, 0.95) }),
      { selector: (one) => one.id },
    ),
    lang: fc.constantFrom(null, 'ko', 'or', 'zh-Hant'),
    publisher: fc.constantFrom('wire', 'and', 'organ', 'other'),
  })
  .map(({ tags, lang, publisher }) =>
    queryItem({
      tags: tags.map(({ id, salience: much }) => ({ id: subjectId(id), kind: 'place', salience: much })),
      lang,
      publisher: publisherId(publisher),
    }),
  );

describe('a rule of before the query language', () => {
  test('fires on what it fired on, whatever its condition', () => {
    fc.assert(
      fc.property(conditions, items, (when, item) => {
        // The columns hold float4: a bound closer to a salience than that is the same bound.
        fc.pre(item.tags.every((tag) => Math.abs(tag.salience - when.salienceMin) > 1e-6));
        const data = upcast('RuleDefined', 1, { definition: { rule: 'r', when } }) as RuleDefined['data'];
        const { query } = data.definition;
        expect(compileRule(rule('r', query), NOWHERE).match(item, NOON) !== null, query).toBe(
          fired(when, item),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  const query =
    'subject:taiwan>=0.1 subject:(japan-sdf OR taiwan-contingency-remarks)>=0.1 lang:ja publisher:(wire OR organ) -subject:nara';

  test('is read with its condition as a query that is understood', () => {
    expect(upcast('RuleDefined', 1, golden)).toMatchObject({ rule: golden.rule, definition: { query } });
    expect(upcast('RuleDefined', 1, golden)).not.toHaveProperty('definition.when');
    expect(filterOf(query).telling).toBe(true);
  });

  test('comes out of the log so', async () => {
    const stream = ruleStream(ruleId('taiwan-and-the-sdf'));
    await store(stream, 1);
    expect(await readStream(log.store.db, stream)).toMatchObject([{ data: { definition: { query } } }]);
  });
});

test('what ended before people could end it by hand was ended by the dossier', () => {
  const data = { feed: 'wire-en', reason: 'dossier ba9876543210 no longer lists it' };
  expect(upcast('FeedRemoved', 1, data)).toEqual({ ...data, cause: 'dossier' });
  expect(upcast('RuleRetired', 1, { rule: 'nara', version: 'v', reason: 'r' })).toMatchObject({
    cause: 'dossier',
  });
});

test('what this build writes it reads as it is', () => {
  for (const type of EVENT_TYPES) expect(upcast(type, schemaVersionOf(type), golden)).toBe(golden);
});

test('a version of the future is refused by name', async () => {
  expect(upcast('RuleDefined', 3, golden)).toBeNull();
  const stream = ruleStream(ruleId('of-the-future'));
  await store(stream, 3);
  await expect(readStream(log.store.db, stream)).rejects.toThrow(UnknownEvent);
});
