import { sql } from 'kysely';
import { beforeEach, describe, expect, test } from 'vitest';
import { contentHashOf, position } from '../../src/events/ids.ts';
import { items } from '../../src/projections/items.ts';
import { consumerOf, OtherTables } from '../../src/projections/projection.ts';
import type { Projection } from '../../src/projections/projection.ts';
import { PROJECTIONS } from '../../src/projections/all.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { rebuildAll } from '../../src/projections/rebuild-all.ts';
import type { RebuildProgress } from '../../src/projections/rebuild.ts';
import { serve } from '../../src/projections/serve.ts';
import { NewerTables } from '../../src/projections/switch.ts';
import { rebuildWords } from '../../src/projections/words.ts';
import { itemText } from '../../src/query/item-text.ts';
import { searchItems } from '../../src/query/search.ts';
import { putContent, wordsIdOf } from '../../src/store/content.ts';
import { OtherWords } from '../../src/store/errors.ts';
import { step } from '../../src/store/follow.ts';
import { head } from '../../src/store/read.ts';
import { TablesHeld } from '../../src/store/patiently.ts';
import { forgetTexts } from '../../src/store/taken-down.ts';
import { filterOf } from '../query/asking.ts';
import { catchUp, fill } from '../query/fill.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
let round = 0;

beforeEach(async () => {
  round += 1;
  await fill(log.store, [
    { name: `Nara ${round}`, subjects: ['nara'] },
    { name: `Andong ${round}`, subjects: ['andong', 'nara'] },
  ]);
});

async function builds(): Promise<unknown[]> {
  return await log.store.db.selectFrom('sw_work.builds').select(['projection', 'position']).execute();
}

/** The projection, which fails at its `nth` batch, or does something else there first. */
function interrupted(nth: number, instead: () => Promise<void>): Projection {
  let batches = 0;
  return {
    ...items,
    async apply(tx, events, schema) {
      batches += 1;
      if (batches === nth) await instead();
      await items.apply(tx, events, schema);
    },
  };
}

const killed = (): Promise<void> => Promise.reject(new Error('killed here'));

describe('several rebuilt side by side', () => {
  test('come to the same tables and to the whole of their progress', async () => {
    const before = await dumpReadTables(log.store.db);
    const seen: RebuildProgress[] = [];
    const at = await rebuildAll(log.store.db, PROJECTIONS, { now, onProgress: (one) => seen.push(one) });
    expect([...at.keys()]).toEqual(PROJECTIONS.map(({ name }) => name));
    expect(await dumpReadTables(log.store.db)).toEqual(before);
    const whole = PROJECTIONS.length * (await head(log.store.db));
    expect(seen.at(-1)).toMatchObject({ done: whole, total: whole });
  });

  test('come to their ends where one of them fails, which is told', async () => {
    const others = PROJECTIONS.filter(({ name }) => name !== items.name);
    const rebuilt = rebuildAll(log.store.db, [interrupted(1, killed), ...others], { now });
    await expect(rebuilt).rejects.toThrow('killed here');
    expect((await builds()).map((one) => (one as { projection: string }).projection)).toEqual([items.name]);
  });
});

describe('a rebuild', () => {
  test('leaves the old tables where it is cut short, and goes on from where it was', async () => {
    const before = await dumpReadTables(log.store.db);
    await expect(rebuild(log.store.db, interrupted(1, killed), { now })).rejects.toThrow('killed here');
    expect(await builds()).toEqual([{ projection: 'items', position: 0 }]);
    expect(await dumpReadTables(log.store.db)).toEqual(before);
    const seen: RebuildProgress[] = [];
    await rebuild(log.store.db, items, { now, onProgress: (progress) => seen.push(progress) });
    expect(await builds()).toEqual([]);
    expect(await dumpReadTables(log.store.db)).toEqual(before);
    expect(seen.at(-1)?.done).toBe(await head(log.store.db));
  });

  test('that is cut short after its first batch does not read that batch again', async () => {
    const before = await dumpReadTables(log.store.db);
    const done = await head(log.store.db);
    const cut = rebuild(log.store.db, items, {
      now,
      onProgress: () => {
        throw new Error('killed here');
      },
    });
    await expect(cut).rejects.toThrow('killed here');
    expect(await builds()).toEqual([{ projection: 'items', position: done }]);
    const applied: number[] = [];
    const counting: Projection = {
      ...items,
      async apply(tx, events, schema) {
        applied.push(...events.map((event) => event.position));
        await items.apply(tx, events, schema);
      },
    };
    await fill(log.store, [{ name: `more ${round}`, subjects: [] }]);
    const after = await dumpReadTables(log.store.db);
    await rebuild(log.store.db, counting, { now });
    expect(applied).toEqual([done + 1, done + 2]);
    expect(await dumpReadTables(log.store.db)).toEqual(after);
    expect(after).not.toEqual(before);
  });

  test('is shared by all who ask for it, while searches and the consumer go on', async () => {
    const before = await dumpReadTables(log.store.db);
    const done = new AbortController();
    const searches = (async (): Promise<number> => {
      let asked = 0;
      for (; !done.signal.aborted; asked++) {
        const page = await searchItems(log.store.db, filterOf('subject:nara'), { limit: 100, after: null });
        expect(page.items.length).toBe(2 * round);
      }
      return asked;
    })();
    await Promise.all([1, 2, 3].map(() => rebuild(log.store.db, items, { now })));
    done.abort();
    expect(await searches).toBeGreaterThan(0);
    expect(await dumpReadTables(log.store.db)).toEqual(before);
  });

  test('brings what came while it was at work along', async () => {
    const name = `meanwhile ${round}`;
    await rebuild(
      log.store.db,
      interrupted(1, async () => {
        await log.store.append([commandOf(ingested(name), 0), commandOf(tagged(name, ['nara']), 1)], NOON);
        // The consumer goes on with the tables that are served.
        await step(log.store.db, consumerOf(items), now);
      }),
      { now },
    );
    const { rows } = await sql<{ tagged: boolean }>`
      select tagged = content as tagged from sw_read.items where item = ${itemOf(name)}`.execute(
      log.store.db,
    );
    expect(rows).toEqual([{ tagged: true }]);
  });

  test('waits for those who read the tables, holds others up for moments only, and says who it was in the end', async () => {
    const before = await dumpReadTables(log.store.db);
    await log.store.db.transaction().execute(async (reader) => {
      const { rows } = await sql<{ pid: number }>`
        select pg_backend_pid() as pid from sw_read.items limit 1`.execute(reader);
      const patience = { tries: 3, pauseMs: 10 };
      const failed = await rebuild(log.store.db, items, { now, patience }).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(TablesHeld);
      expect(String(failed)).toContain(`server processes ${rows[0]?.pid ?? 0})`);
      // Nobody stands in line behind it now.
      await searchItems(log.store.db, filterOf('subject:nara'), { limit: 1, after: null });
    });
    await rebuild(log.store.db, items, { now });
    expect(await dumpReadTables(log.store.db)).toEqual(before);
  });

  test('of words comes to the same words', async () => {
    const words = async (): Promise<unknown> =>
      (await sql`select id, terms::text from sw_read.words order by id`.execute(log.store.db)).rows;
    const before = await words();
    await rebuildWords(log.store.db, { now });
    expect(await words()).toEqual(before);
    const page = await searchItems(log.store.db, filterOf(`"Andong ${round}"`), { limit: 5, after: null });
    expect(page.items.length).toBe(1);
  });

  test('of words that another build has cut keeps this one from adding its own', async () => {
    const text = itemText({ title: `late words ${round}`, summary: '' });
    const hash = contentHashOf(text.body.title, '');
    const put = (wordsVersion: number): Promise<void> =>
      putContent(log.store.db, new Map([[hash, { ...text, wordsVersion }]]));
    const kept = async (): Promise<number> =>
      (await sql`select from sw_read.words where id = ${wordsIdOf(hash)}`.execute(log.store.db)).rows.length;
    await expect(put(text.wordsVersion - 1)).rejects.toThrow(OtherWords);
    expect(await kept()).toBe(0);
    await put(text.wordsVersion);
    expect(await kept()).toBe(1);
  });

  test('of words that was killed leaves none of a text that is taken down', async () => {
    const cut = rebuildWords(log.store.db, {
      now,
      onProgress: () => {
        throw new Error('killed here');
      },
    });
    await expect(cut).rejects.toThrow('killed here');
    const hash = contentHashOf(`Nara ${round}`, `About Nara ${round}.`);
    const left = async (): Promise<number> =>
      (await sql`select from sw_build.words where id = ${wordsIdOf(hash)}`.execute(log.store.db)).rows.length;
    expect(await left()).toBe(1);
    await log.store.db.transaction().execute((tx) => forgetTexts(tx, [hash], position(1)));
    expect(await left()).toBe(0);
  });
});

describe('another version of a projection', () => {
  const next: Projection = { ...items, version: items.version + 1 };
  const bring = (projections: readonly Projection[]): Promise<void> =>
    serve(log.store.db, projections, now, () => undefined);

  test('is made at the start, once, whoever starts, and keeps processes of another from writing', async () => {
    let made = 0;
    const counted: Projection = {
      ...next,
      async apply(tx, events, schema) {
        made += events.length;
        await next.apply(tx, events, schema);
      },
    };
    const events = await log.store.db
      .selectFrom('sw_log.events')
      .select((select) => select.fn.countAll<number>().as('events'))
      .where('type', 'like', 'Item%')
      .executeTakeFirstOrThrow();
    await Promise.all([bring([counted]), bring([counted]), bring([counted])]);
    expect(made).toBe(events.events);
    await bring([counted]);
    expect(made).toBe(events.events);

    // What the earlier version does not handle it must not pass over either: the next may.
    const blind: Projection = { ...items, handles: ['ItemTagged'] };
    await log.store.append([commandOf(ingested(`for the new ${round}`), 0)], NOON);
    await expect(step(log.store.db, consumerOf(blind), now)).rejects.toThrow(OtherTables);
    await expect(step(log.store.db, consumerOf(items), now)).rejects.toThrow(OtherTables);
    await expect(bring([items])).rejects.toThrow(NewerTables);
    await expect(rebuild(log.store.db, items, { now })).rejects.toThrow(NewerTables);
    expect(await builds()).toEqual([]);
    expect((await step(log.store.db, consumerOf(next), now))?.handled.length).toBe(1);
    await log.store.db
      .updateTable('sw_work.projections')
      .set({ version: items.version })
      .where('projection', '=', 'items')
      .execute();
    await catchUp(log.store);
  });
});
