import { sql } from 'kysely';
import { beforeAll, describe, expect, test } from 'vitest';
import { decideAlert } from '../../src/alerts/decide.ts';
import { alertStream, contentHashOf, eventIdOf, feedId, itemStream, position } from '../../src/events/ids.ts';
import { CANDIDATES_MAX, explain, findItems } from '../../src/query/why.ts';
import { compiled, queryItem, rule } from '../alerts/support.ts';
import { itemOf, NOON, tagged } from '../support/events.ts';
import { itemText } from '../../src/query/item-text.ts';
import { putContent } from '../../src/store/content.ts';
import { useStore } from '../support/store.ts';
import { catchUp, fill } from './fill.ts';

const log = useStore();
/** Enough items for two that begin alike in four hex digits: 600 have some with near certainty, and these always do. */
const CROWD = Array.from({ length: 600 }, (_, index) => ({ name: `crowd ${index}`, subjects: ['crowd'] }));

async function found(reference: string): Promise<string[]> {
  return (await findItems(log.store.db, reference)).map((candidate) => candidate.item);
}

beforeAll(async () => {
  await fill(log.store, [{ name: 'nara', subjects: ['nara'] }, ...CROWD]);
});

describe('findItems', () => {
  const id = itemOf('nara');

  test('finds an item by its id, by the beginning of it, and whatever the case', async () => {
    expect(await found(id)).toEqual([id]);
    expect(await found(id.slice(0, 12))).toEqual([id]);
    expect(await found(id.slice(0, 12).toUpperCase())).toEqual([id]);
  });

  test('gives all that an ambiguous beginning may mean, in order, with titles to tell them apart', async () => {
    const prefixOf = ({ name }: { name: string }): string => itemOf(name).slice(0, 4);
    const prefix = CROWD.map(prefixOf).find((one, index, all) => all.indexOf(one) !== index) ?? '';
    const alike = CROWD.filter((one) => prefixOf(one) === prefix);
    expect(alike.length).toBeGreaterThan(1);
    const candidates = await findItems(log.store.db, prefix);
    expect(candidates).toEqual(
      alike
        .map(({ name }) => ({ item: itemOf(name), title: name }))
        .sort((a, b) => (a.item < b.item ? -1 : 1)),
    );
  });

  test('does not take less than four digits for a beginning, nor a pattern for one', async () => {
    expect(await found(id.slice(0, 3))).toEqual([]);
    for (const reference of ['%%%%', '____', `${id.slice(0, 8)}%`, '', `${id}0`]) {
      expect(await found(reference)).toEqual([]);
    }
  });

  test('finds an item by the URL of its article, tracking parameters and fragment aside', async () => {
    expect(await found('https://wire.example/nara')).toEqual([id]);
    expect(await found('https://wire.example/nara?utm_source=letter#comments')).toEqual([id]);
    expect(await found('https://wire.example/nowhere')).toEqual([]);
  });

  test(`names at most ${CANDIDATES_MAX}`, async () => {
    const url = 'https://wire.example/shared';
    const rows = Array.from({ length: CANDIDATES_MAX + 2 }, (_, index) => itemOf(`crowd ${index}`));
    await sql`update sw_read.items set url = ${url} where item = any(${rows}::text[])`.execute(log.store.db);
    expect(await found(url)).toHaveLength(CANDIDATES_MAX);
  });
});

describe('explain', () => {
  test('gives null for an item the log has never seen', async () => {
    expect(await explain(log.store.db, itemOf('never'))).toBeNull();
  });

  test('gives the events of an item in order, the words each speaks of, and its alerts', async () => {
    const item = itemOf('nara');
    const previous = contentHashOf('nara', 'About nara.');
    const content = contentHashOf('Nara, revised', '');
    const words = { title: 'Nara, revised', summary: '' };
    await putContent(log.store.db, new Map([[content, itemText(words)]]));
    const { id, data } = tagged('nara', ['nara'], { content, cause: 'revised' });
    const definition = rule('nara', 'subject:nara');
    const decision = decideAlert(
      compiled(definition),
      { id, tagged: data, item: queryItem({ tags: data.tags }), recordedAt: NOON },
      undefined,
      NOON,
    );
    if (decision === null) throw new Error('the rule does not match');
    const revision = {
      type: 'ItemRevised' as const,
      id: eventIdOf('ItemRevised', item, content),
      decidedAt: NOON,
      data: {
        item,
        feed: feedId('wire-en'),
        revision: 1,
        content,
        previous,
        published: null,
        backfill: null,
      },
    };
    await log.store.append(
      [
        { stream: itemStream(item), expected: 2, events: [revision] },
        { stream: alertStream(decision.event.data.alert), expected: 0, events: [decision.event] },
      ],
      NOON,
    );
    await catchUp(log.store);
    const explanation = await explain(log.store.db, item);
    expect(explanation?.events.map((event) => event.type)).toEqual([
      'ItemIngested',
      'ItemTagged',
      'ItemRevised',
    ]);
    expect(explanation?.events.map((event) => event.version)).toEqual([1, 2, 3]);
    expect(explanation?.contents.get(previous)).toEqual({ title: 'nara', summary: 'About nara.' });
    expect(explanation?.contents.get(content)).toEqual(words);
    expect(explanation?.alerts).toMatchObject([{ rule: 'nara', status: 'raised', title: 'Nara, revised' }]);
  });

  test('goes no further than the position it is asked about, and calls the item what it was called then', async () => {
    const { db } = log.store;
    const item = itemOf('nara');
    const [first, , revised] = (await explain(db, item))?.events.map(({ position }) => position) ?? [];
    if (first === undefined || revised === undefined) throw new Error('the item was never revised');
    const before = await explain(db, item, position(revised - 1));
    expect(before?.events.map((event) => event.type)).toEqual(['ItemIngested', 'ItemTagged']);
    expect([...(before?.contents.values() ?? [])].map(({ title }) => title)).toEqual(['nara']);
    expect(before?.alerts).toEqual([]);
    expect(await findItems(db, item, position(revised - 1))).toEqual([{ item, title: 'nara' }]);
    expect(await findItems(db, item, revised)).toEqual([{ item, title: 'Nara, revised' }]);
    expect(await explain(db, item, position(first - 1))).toBeNull();
    expect(await findItems(db, item, position(first - 1))).toEqual([]);
  });

  test('still explains an item whose words were taken down, without them', async () => {
    const hash = contentHashOf('crowd 599', 'About crowd 599.');
    await sql`delete from sw_log.content where hash = ${hash}`.execute(log.store.db);
    const explanation = await explain(log.store.db, itemOf('crowd 599'));
    expect(explanation?.events).toHaveLength(2);
    expect(explanation?.contents.has(hash)).toBe(false);
  });
});
