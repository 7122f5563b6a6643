import { sql } from 'kysely';
import { afterEach, describe, expect, inject, test } from 'vitest';
import { alertIdOf, itemIdOf, ruleId } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { QUEUE_SCHEMA } from '../../src/workers/queue-backend.ts';
import { openQueues } from '../../src/workers/queues.ts';
import type { Queues } from '../../src/workers/queues.ts';
import { classifyJobs, CLASSIFY_ITEMS_MAX } from '../../src/workers/relay.ts';
import { fileQueues } from '../support/queue-place.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const open: Queues[] = [];
const hung: (() => void)[] = [];

function queues(): Queues {
  const opened = openQueues(fileQueues(log.url), createLog('silent'));
  open.push(opened);
  return opened;
}

afterEach(async () => {
  for (const end of hung.splice(0)) end();
  for (const each of open.splice(0)) {
    await each.stopWork(5_000);
    await each.close();
  }
});

const items = (...names: string[]) => names.map((name) => itemIdOf(name));

describe('queues', () => {
  test('hand each job to one of the workers of all processes', async () => {
    const seen: string[] = [];
    const [one, two] = [queues(), queues()];
    for (const each of [one, two]) {
      await each.work('classify', 2, (data) => {
        seen.push(...data.items);
        return Promise.resolve();
      });
    }
    const wanted = Array.from({ length: 40 }, (_, index) => itemIdOf(`each ${index}`));
    await one.add(
      'classify',
      wanted.map((item, index) => ({ id: `each-${index}`, data: { items: [item] } })),
    );
    await expect.poll(() => seen.length).toBe(40);
    expect([...seen].sort()).toEqual([...wanted].sort());
    await expect.poll(() => one.depth('classify')).toBe(0);
  });

  test('run a job that throws again, and count it as depth until it is over', async () => {
    let runs = 0;
    const each = queues();
    await each.work('classify', 1, () => {
      runs += 1;
      return runs < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
    });
    await each.add('classify', [{ id: 'again', data: { items: items('again') } }]);
    await expect.poll(() => runs, { timeout: 10_000 }).toBe(3);
    await expect.poll(() => each.depth('classify')).toBe(0);
  });

  test('take a new job for an alert whose last one failed for good', async () => {
    const alert = alertIdOf(ruleId('a-rule'), itemIdOf('stubborn'));
    let runs = 0;
    let broken = true;
    const each = queues();
    await each.work('deliver', 1, () => {
      runs += 1;
      return broken ? Promise.reject(new Error('database away')) : Promise.resolve();
    });
    const job = { id: `alert-${alert}`, data: { alert } };
    await each.add('deliver', [job]);
    await expect
      .poll(async () => runs >= 3 && (await each.depth('deliver')) === 0, { timeout: 10_000 })
      .toBe(true);
    broken = false;
    await each.add('deliver', [job]);
    await expect.poll(() => runs).toBe(4);
  });

  test.skipIf(inject('redisUrl') !== null)(
    'are made anew when one of their tables is dropped under them',
    async () => {
      const seen: string[] = [];
      const each = queues();
      await each.work('classify', 1, (data) => {
        seen.push(...data.items);
        return Promise.resolve();
      });
      await sql`drop table ${sql.ref(QUEUE_SCHEMA)}.job cascade`.execute(log.store.db);
      await each.add('classify', [{ id: 'after-drop', data: { items: items('after the drop') } }]);
      await expect.poll(() => seen, { timeout: 20_000 }).toEqual(items('after the drop'));
    },
  );

  test('stop at their deadline though a job hangs, and say that it did', async () => {
    const each = queues();
    let started = false;
    await each.work('classify', 1, () => {
      started = true;
      return new Promise<void>((resolve) => hung.push(resolve));
    });
    await each.add('classify', [{ id: 'hangs', data: { items: items('hangs') } }]);
    await expect.poll(() => started).toBe(true);
    await expect(each.stopWork(100)).resolves.toBe(false);
  });
});

describe('classify jobs', () => {
  test('carry each item once, in jobs of a bounded size with names of their own', () => {
    const many = Array.from({ length: CLASSIFY_ITEMS_MAX * 2 + 1 }, (_, index) => itemIdOf(`many ${index}`));
    const jobs = classifyJobs('items-1-9', [...many, ...many]);
    expect(jobs.flatMap((job) => job.data.items)).toEqual(many);
    expect(jobs.map((job) => job.id)).toEqual(['items-1-9-0', 'items-1-9-1', 'items-1-9-2']);
  });
});
