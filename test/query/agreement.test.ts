import fc from 'fast-check';
import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import {
  contentHashOf,
  eventIdOf,
  feedId,
  itemStream,
  publisherId,
  subjectId,
} from '../../src/events/ids.ts';
import type { ContentHash, ItemId } from '../../src/events/ids.ts';
import type { ItemRevised, ReportedEvent, SubjectKind } from '../../src/events/item.ts';
import type { Query, Range, Term } from '../../src/query/ast.ts';
import type { KnownPublisher, KnownSubject, QueryContext } from '../../src/query/context.ts';
import type { QueryItem } from '../../src/query/item.ts';
import { printQuery } from '../../src/query/print.ts';
import { understand } from '../../src/query/understand.ts';
import type { ItemFilter } from '../../src/query/understand.ts';
import type { Command } from '../../src/store/append.ts';
import { itemText, pageText } from '../../src/query/item-text.ts';
import { pageHashOf, putContent } from '../../src/store/content.ts';
import type { Content } from '../../src/store/content.ts';
import { commandOf, ingested, itemOf, NOON, tagged, textFetched } from '../support/events.ts';
import { useStore } from '../support/store.ts';
import { catchUp } from './fill.ts';

// Law: the SQL and the predicate of one query agree on every item.

const ITEMS = 400;
const QUERIES = 500;
const log = useStore();

const SUBJECTS: Readonly<Record<string, SubjectKind>> = {
  taiwan: 'place', 'sanae-takaichi': 'person', 'sanae-other': 'person', japan: 'country', cptpp: 'agreement', 'rare-earths': 'topic',
}; // prettier-ignore
const PUBLISHERS: Readonly<Record<string, Omit<KnownPublisher, 'name'>>> = {
  yonhap: { family: 'yonhap', country: 'KR', stateRun: false },
  'yonhap-tv': { family: 'yonhap', country: 'KR', stateRun: false },
  xinhua: { family: 'xinhua', country: 'CN', stateRun: true },
};
const context: QueryContext = {
  subjects: new Map(
    Object.entries(SUBJECTS).map(([id, kind]): [ReturnType<typeof subjectId>, KnownSubject] => [
      subjectId(id),
      { kind, names: [] },
    ]),
  ),
  publishers: new Map(
    Object.entries(PUBLISHERS).map(([id, facts]) => [publisherId(id), { name: id, ...facts }]),
  ),
  feeds: new Set([feedId('wire-en'), feedId('wire-ko')]),
  now: NOON,
  zone: 'Asia/Seoul',
};

const WORDS = [
  'summit', 'summits', 'Summit’s', 'diplomacy', 'diplomatic', 'shuttle', 'shuttle-diplomacy', 'CPTPP', 'G7サミット', '이재명은', '이재명',
  '나라에서', '셔틀', '외교', '셔틀외교', '한·중·일', '한중일', '회의', '중', '일본', '高市首相', '高市', '臺灣問題', '台湾', '台海', '日韓首脳会談', '日', '韓',
  'ドナルド・トランプ', 'ｶﾞｽ', 'ガス', 'Café', 'cafe', '2026', 'U.S.', '—', '!', '\u0301', '𠮷野家', '👩‍👧', 'İstanbul', 'ß',
]; // prettier-ignore
const words = fc.array(fc.constantFrom(...WORDS), { maxLength: 7 });
const prose = fc
  .tuple(words, fc.constantFrom(' ', '', '、', ' · '))
  .map(([parts, joint]) => parts.join(joint));

const TIMES = [
  '2026-01-12T14:59:59.999Z', '2026-01-12T15:00:00.000Z', '2026-01-13T02:59:59.999Z', '2026-01-13T03:00:00.000Z', '2026-02-01T00:00:00.000Z',
]; // prettier-ignore
const URLS = [
  null,
  'https://www.yna.co.kr/view/1?a=b',
  'http://en.yna.co.kr/view/2',
  'https://wire.example/',
];
const tag = fc.record({
  id: fc.constantFrom(...Object.keys(SUBJECTS)).map(subjectId),
  salience: fc.constantFrom(0, 0.1, 0.3, 0.7, 1),
});
const parties = fc.subarray(['taiwan', 'sanae-takaichi'].map(subjectId));
const event = fc.record({
  type: fc.constantFrom('sanction' as const, 'meet' as const),
  from: parties,
  to: parties,
});
const item: fc.Arbitrary<QueryItem> = fc
  .record({
    feed: fc.constantFrom('wire-en', 'wire-ko', 'elsewhere').map(feedId),
    publisher: fc.constantFrom(...Object.keys(PUBLISHERS), 'unknown').map(publisherId),
    url: fc.constantFrom(...URLS),
    lang: fc.constantFrom(null, 'en', 'ko', 'zh', 'zh-Hans', 'zh-Hant-TW'),
    published: fc.constantFrom(null, ...TIMES.map((time) => new Date(time))),
    recordedAt: fc.constant(NOON),
    revision: fc.constantFrom(0, 0, 1),
    backfill: fc.constantFrom(null, 'archive' as const, 'first-poll' as const),
    title: prose,
    text: prose,
    body: fc.option(
      prose.filter((drawn) => drawn !== ''),
      { nil: undefined, freq: 1 },
    ),
    tags: fc
      .uniqueArray(tag, { maxLength: 3, selector: ({ id }) => id })
      .map((tags) => tags.map(({ id, salience }) => ({ id, salience, kind: SUBJECTS[id] ?? 'topic' }))),
    relevance: fc.constantFrom(null, 0, 0.3, 0.7, 1),
    event: fc.option(event, { freq: 2 }),
  })
  .map(({ body, ...rest }) => ({ ...rest, ...(body !== undefined && { body }) }));

const word = (text: string, prefix = false) => ({ kind: 'word' as const, text, prefix });
const PLACE = { start: 0, end: 0 };
const PLACES = { span: PLACE, fieldSpan: PLACE, valueSpan: PLACE };
const term = (field: string | null, value: Term['value'], salience: Range | null = null): Query => ({
  kind: 'term', field, value, salience, ...PLACES,
}); // prettier-ignore
/** What the log has of a sample's event. */
const reported = ({ event: sampled }: QueryItem): ReportedEvent | null =>
  sampled === null ? null : { ...sampled, confidence: 1, cues: [] };

const bounds = (texts: readonly string[]): fc.Arbitrary<Range> => {
  const bound = fc.record({ text: fc.constantFrom(...texts), inclusive: fc.boolean() });
  return fc.oneof(
    bound.map((from) => ({ kind: 'range' as const, from, to: null })),
    bound.map((to) => ({ kind: 'range' as const, from: null, to })),
    fc.record({ kind: fc.constant('range' as const), from: bound, to: bound }),
  );
};
const MOMENTS = [
  '9999',
  '2026',
  '2026-01',
  '2026-01-13',
  '2026-01-13T12:00',
  '2026-01-13T03:00Z',
  'today',
  'now',
  'now-1d',
  'yesterday',
];
const salience = bounds(['0', '0.1', '0.3', '0.7', '1']);
const named = (field: string, ...names: readonly string[]): fc.Arbitrary<Query> =>
  fc.constantFrom(...names).map((name) => term(field, word(name.replace('*', ''), name.endsWith('*'))));
const leaf: fc.Arbitrary<Query> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(null, 'title', 'text', 'body'), fc.array(fc.constantFrom(...WORDS), { minLength: 1, maxLength: 3 }), fc.boolean()).map(([field, parts, prefix]) => term(field, word(parts.join(' '), prefix))) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom(null, 'title', 'text', 'body'), fc.string({ minLength: 1, maxLength: 4 }), fc.boolean()).map(([field, text, prefix]) => term(field, word(text, prefix))) },
  { weight: 3, arbitrary: fc.tuple(fc.constantFrom(['entity', 'taiwan'], ['entity', 'sanae*'], ['entity', '*'], ['topic', 'cptpp'], ['topic', '*'], ['subject', 'rare*']), fc.option(salience)).map(([[field = '', name = ''], least]) => term(field, word(name.replace('*', ''), name.endsWith('*')), least?.from !== null && least?.to !== null ? null : least)) },
  named('kind', 'person', 'p*', 'topic'),
  named('event', 'sanction', 'meet', 'm*', '*'),
  named('actor', 'taiwan', 'sanae*', 'nobody', '*'),
  named('target', 'taiwan', 'sanae*', '*'),
  named('lang', 'ko', 'zh', 'zh-Hant', 'und', '*', 'z*'),
  named('publisher', 'yonhap', 'yonhap*', 'unknown', '*'),
  named('family', 'yonhap', '*'),
  named('country', 'KR', 'cn', '*'),
  named('state', 'yes', 'no', '*'),
  named('feed', 'wire-en', 'wire*', 'elsewhere'),
  named('is', 'revised', 'backfill'),
  named('url', '*', 'yna.co.kr', 'en.yna.co.kr', 'https://www.yna.co.kr/view/1?a=b', 'www.yna.co.kr/view*', 'wire.example'),
  fc.tuple(fc.constantFrom('published', 'recorded'), fc.oneof(bounds(MOMENTS), fc.constantFrom(...MOMENTS).map((text) => word(text)), fc.constant(word('', true)))).map(([field, value]) => term(field, value)),
  salience.map((range) => term('salience', range)),
  salience.map((range) => term('relevance', range)),
); // prettier-ignore
const { tree } = fc.letrec<{ tree: Query; parts: Query[] }>((tie) => ({
  parts: fc.array(tie('tree'), { minLength: 2, maxLength: 3 }),
  tree: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    leaf,
    tie('tree').map((part) => ({ kind: 'not' as const, part, span: PLACE })),
    tie('parts').map((parts) => ({ kind: 'and' as const, parts, span: PLACE })),
    tie('parts').map((parts) => ({ kind: 'or' as const, parts, span: PLACE })),
  ),
}));

const items = new Map<ItemId, QueryItem>();

function revised(name: string, item: QueryItem, previous: ContentHash, content: ContentHash): Command {
  const data = {
    item: itemOf(name),
    feed: item.feed,
    revision: 1,
    content,
    previous,
    published: null,
    backfill: item.backfill,
  };
  const event: ItemRevised = {
    type: 'ItemRevised',
    id: eventIdOf('ItemRevised', data.item, content, 1),
    decidedAt: NOON,
    data,
  };
  return { stream: itemStream(data.item), expected: 1, events: [event] };
}

beforeAll(async () => {
  const commands: Command[] = [];
  const contents = new Map<ContentHash, Content>();
  fc.sample(item, { numRuns: ITEMS, seed: 20260113 }).forEach((sample, index) => {
    const name = `item ${index}`;
    const content = contentHashOf(sample.title, sample.text);
    const first = sample.revision === 0 ? content : contentHashOf('before', name);
    contents.set(first, itemText({ title: 'before', summary: 'summit 高市' }));
    contents.set(content, itemText({ title: sample.title, summary: sample.text }));
    const { feed, publisher, url, lang, backfill } = sample;
    const published = sample.published?.toISOString() ?? null;
    commands.push(
      commandOf(ingested(name, { feed, publisher, url, lang, backfill, published, content: first }), 0),
    );
    if (sample.revision > 0) commands.push(revised(name, sample, first, content));
    if (sample.body !== undefined) {
      const page = { title: sample.title, summary: sample.text, text: sample.body };
      contents.set(pageHashOf(page), pageText(page));
      const data = { content, text: pageHashOf(page), characters: sample.body.length };
      commands.push(commandOf(textFetched(name, data), null));
    }
    // A few stay untagged: they are found by everything but tags.
    const untagged = index % 10 === 0;
    const tags = sample.tags.map((one) => ({ ...one, mentions: [] }));
    if (!untagged)
      commands.push(
        commandOf(
          tagged(name, [], { content, lang, tags, relevance: sample.relevance, event: reported(sample) }),
          null,
        ),
      );
    items.set(itemOf(name), untagged ? { ...sample, tags: [], relevance: null, event: null } : sample);
  });
  await putContent(log.store.db, contents);
  await log.store.append(commands, NOON);
  await catchUp(log.store);
});

async function bySql(
  text: string,
  of: (filter: ItemFilter) => RawBuilder<boolean> = ({ where }) => where,
): Promise<ItemId[]> {
  const result = understand(text, context);
  if ('problems' in result) throw new Error(text);
  const { rows } = await sql<{
    item: ItemId;
  }>`select i.item from sw_read.items i where ${of(result.filter)}`.execute(log.store.db);
  return rows.map((row) => row.item).sort();
}

function byPredicate(text: string): ItemId[] {
  const result = understand(text, context);
  if ('problems' in result) throw new Error(text);
  const { filter } = result;
  return [...items]
    .filter(([, item]) => filter.matches(item))
    .map(([id]) => id)
    .sort();
}

test('SQL and predicate find the same items, whatever is asked', async () => {
  let understood = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(tree, async (query) => {
      const text = printQuery(query);
      // Words of signs alone are refused, with a reason; that is told by another test.
      if ('problems' in understand(text, context)) return;
      understood += 1;
      const hits = await bySql(text);
      if (hits.length > 0 && hits.length < ITEMS) found += 1;
      expect(hits, text).toEqual(byPredicate(text));
      // Looking at the text of each item comes to the same, and without its words a query finds no less.
      expect(await bySql(text, ({ words, where }) => words?.probe ?? where), text).toEqual(hits);
      const base = new Set(await bySql(text, ({ words, where }) => words?.base ?? where));
      expect(
        hits.filter((item) => !base.has(item)),
        text,
      ).toEqual([]);
    }),
    { numRuns: QUERIES },
  );
  // A law that is only ever tried on nothing holds easily.
  expect(understood).toBeGreaterThan(QUERIES / 2);
  expect(found).toBeGreaterThan(QUERIES / 4);
}, 60_000);

test('what is published within the bounds of a query is all that it can find', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (query) => {
      const result = understand(printQuery(query), context);
      if ('problems' in result || result.filter.published === null) return;
      const { since, until } = result.filter.published;
      for (const id of await bySql(printQuery(query))) {
        const published = items.get(id)?.published ?? null;
        expect(published).not.toBeNull();
        expect(since === null || (published ?? since) >= since).toBe(true);
        expect(until === null || (published ?? since ?? until) < until).toBe(true);
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);
