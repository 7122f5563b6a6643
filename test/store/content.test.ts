import { describe, expect, test } from 'vitest';
import { contentHashOf } from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { getItemContents, getResponse, putContent } from '../../src/store/content.ts';
import { itemText } from '../../src/query/item-text.ts';
import type { Content } from '../../src/store/content.ts';
import { InvalidContent, MissingContent } from '../../src/store/errors.ts';
import { useStore } from '../support/store.ts';

const log = useStore();

function words(title: string): [ContentHash, Content] {
  return [contentHashOf(title, ''), itemText({ title, summary: '' })];
}

describe('content', () => {
  test('is kept once, whoever brings it and how often, and cannot be changed', async () => {
    const [hash, content] = words('once');
    for (let round = 0; round < 2; round++) await putContent(log.store.db, new Map([[hash, content]]));
    expect((await getItemContents(log.store.db, [hash, hash])).get(hash)?.title).toBe('once');
    const change = log.store.db.updateTable('sw_log.content').set({ body: '{}' }).where('hash', '=', hash);
    await expect(change.execute()).rejects.toMatchObject({ code: 'SW001' });
  });

  test('comes in from writers that have it in opposite orders, and none waits for ever', async () => {
    for (let round = 0; round < 5; round++) {
      const all = Array.from({ length: 3_000 }, (_, index) => words(`orders ${round} ${index}`));
      const orders = [all, [...all].reverse(), all, [...all].reverse()];
      await Promise.all(orders.map((order) => putContent(log.store.db, new Map(order))));
    }
  });

  test('that cannot be stored is refused by name', async () => {
    const [hash] = words('nul');
    const bad = itemText({ title: 'a\u0000b', summary: '' });
    await expect(putContent(log.store.db, new Map([[hash, bad]]))).rejects.toThrow(InvalidContent);
  });

  test('that was taken down is missing, and says so', async () => {
    const hash = contentHashOf('what arrived');
    await putContent(log.store.db, new Map([[hash, { kind: 'response', body: { text: '<html>' } }]]));
    expect(await getResponse(log.store.db, hash)).toEqual({ text: '<html>' });
    await log.store.db.deleteFrom('sw_log.content').where('hash', '=', hash).execute();
    await expect(getResponse(log.store.db, hash)).rejects.toThrow(MissingContent);
  });
});
