import { pino } from 'pino';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Recorded } from '../../src/events/event.ts';
import {
  alertIdOf,
  alertStream,
  contentHashOf,
  eventIdOf,
  itemStream,
  ruleId,
  ruleStream,
} from '../../src/events/ids.ts';
import type { RuleDefinition } from '../../src/events/rule.ts';
import { createLog } from '../../src/log.ts';
import { ensureCheckpoint } from '../../src/store/checkpoints.ts';
import { itemText } from '../../src/query/item-text.ts';
import { putContent } from '../../src/store/content.ts';
import { step } from '../../src/store/follow.ts';
import { readStream } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { raiseAlerts } from '../../src/workers/raise-alerts.ts';
import { commandOf, ingested, itemOf, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const NO_DOSSIER = { subjects: [], publishers: [], feeds: [] };
const quiet = createLog('silent');

function definition(rule: string, subject: string): RuleDefinition {
  return { rule: ruleId(rule), title: rule, about: '', query: `subject:${subject}`, channels: ['console'] };
}

async function define(rule: string, subject: string, version: string): Promise<void> {
  const data = { rule: ruleId(rule), version, definition: definition(rule, subject), dossier: 'd1' };
  const event = {
    type: 'RuleDefined' as const,
    id: eventIdOf('RuleDefined', rule, version),
    decidedAt: NOON,
    data,
  };
  await log.store.append([{ stream: ruleStream(ruleId(rule)), expected: null, events: [event] }], NOON);
}

async function retire(rule: string): Promise<void> {
  const data = { rule: ruleId(rule), version: '1', cause: 'dossier' as const, reason: 'test' };
  const event = { type: 'RuleRetired' as const, id: eventIdOf('RuleRetired', rule), decidedAt: NOON, data };
  await log.store.append([{ stream: ruleStream(ruleId(rule)), expected: null, events: [event] }], NOON);
}

async function tag(
  name: string,
  subjects: readonly string[],
  change: Parameters<typeof tagged>[2] = {},
): Promise<void> {
  await log.store.append([commandOf(ingested(name)), commandOf(tagged(name, subjects, change))], NOON);
}

async function run(store: Store = log.store): Promise<void> {
  const consumer = raiseAlerts({ store, dossier: NO_DOSSIER, now, log: quiet });
  for (;;) {
    const done = await step(log.store.db, consumer, now);
    if (done === null || done.until === done.from) return;
  }
}

async function said(rule: string, name: string): Promise<readonly Recorded[]> {
  return await readStream(log.store.db, alertStream(alertIdOf(ruleId(rule), itemOf(name))));
}

beforeAll(() => ensureCheckpoint(log.store.db, 'rules', NOON));

describe('the rules consumer', () => {
  test('judges tags by the rules in force when they were made, within one batch too', async () => {
    await tag('before', ['nara']);
    await define('on-nara', 'nara', '1');
    await tag('during', ['nara']);
    await retire('on-nara');
    await tag('after', ['nara']);
    await run();
    expect(await said('on-nara', 'before')).toEqual([]);
    expect((await said('on-nara', 'during')).map(({ type }) => type)).toEqual(['AlertRaised']);
    expect(await said('on-nara', 'after')).toEqual([]);
  });

  test('holds back what backfill and retagging would have fired, with the reason', async () => {
    await define('on-andong', 'andong', '1');
    await tag('archived', ['andong'], { backfill: 'archive' });
    await tag('retagged', ['andong'], { cause: 'retagged' });
    await run();
    const [archived] = await said('on-andong', 'archived');
    const [retagged] = await said('on-andong', 'retagged');
    expect(archived?.data).toMatchObject({ reason: { kind: 'backfill', backfill: 'archive' } });
    expect(retagged?.data).toMatchObject({ reason: { kind: 'retagged' } });
  });

  test('speaks once about copies, within a batch and across batches', async () => {
    await define('on-osaka', 'osaka', '1');
    await tag('wire', ['osaka'], { copyKey: 'one story' });
    await tag('paper', ['osaka'], { copyKey: 'one story' });
    await run();
    await tag('another paper', ['osaka'], { copyKey: 'one story' });
    await run();
    expect((await said('on-osaka', 'wire'))[0]?.type).toBe('AlertRaised');
    for (const copy of ['paper', 'another paper']) {
      const [event] = await said('on-osaka', copy);
      expect(event?.data).toMatchObject({ reason: { kind: 'copy', of: itemOf('wire') } });
    }
  });

  test('decides about an item once, however often it is tagged', async () => {
    await define('on-seoul', 'seoul', '1');
    await tag('again', ['seoul']);
    await run();
    await tag('again', ['seoul'], { cause: 'revised', dossier: 'd2' });
    await run();
    expect(await said('on-seoul', 'again')).toHaveLength(1);
  });

  test('keeps its word about an item that is revised, and hushes nobody by what it did not say', async () => {
    await define('on-kyoto', 'kyoto', '1');
    const revised = contentHashOf('other words', '');
    await tag('held back', ['kyoto'], { backfill: 'first-poll', copyKey: 'old headline' });
    await run();
    await tag('held back', ['kyoto'], { cause: 'revised', content: revised, copyKey: 'new headline' });
    await tag('another paper with it', ['kyoto'], { copyKey: 'new headline' });
    await run();
    expect((await said('on-kyoto', 'held back')).map(({ type }) => type)).toEqual(['AlertSuppressed']);
    expect((await said('on-kyoto', 'another paper with it')).map(({ type }) => type)).toEqual([
      'AlertRaised',
    ]);
  });

  test('speaks about a revision when the words before it were none of its business', async () => {
    await define('on-kobe', 'kobe', '1');
    await tag('became ours', ['somewhere']);
    await run();
    await tag('became ours', ['kobe'], { cause: 'revised', content: contentHashOf('now in Kobe', '') });
    await run();
    expect((await said('on-kobe', 'became ours')).map(({ type }) => type)).toEqual(['AlertRaised']);
  });

  /** A wire story that is revised, and two papers with its old and its new headline. */
  async function revisedStory(
    subject: string,
    between: () => Promise<void>,
    store?: Store,
  ): Promise<string[]> {
    await tag(`${subject} wire`, [subject], { copyKey: `${subject} old` });
    await between();
    const content = contentHashOf(`${subject} new`, '');
    await tag(`${subject} wire`, [subject], { cause: 'revised', content, copyKey: `${subject} new` });
    if (store !== undefined) await expect(run(store)).rejects.toThrow('killed here');
    await tag(`${subject} paper one`, [subject], { copyKey: `${subject} old` });
    await tag(`${subject} paper two`, [subject], { copyKey: `${subject} new` });
    await run();
    const streams = await Promise.all(
      ['wire', 'paper one', 'paper two'].map((name) => said(`on-${subject}`, `${subject} ${name}`)),
    );
    return streams.map((events) => events.map(({ type }) => type).join());
  }
  const killed: Store = {
    get url() {
      return log.store.url;
    },
    get db() {
      return log.store.db;
    },
    get wakeup() {
      return log.store.wakeup;
    },
    get leases() {
      return log.store.leases;
    },
    append: async (commands, at) => {
      await log.store.append(commands, at);
      throw new Error('killed here');
    },
    close: () => Promise.resolve(),
  };

  test('says the same wherever its batches are cut and it is killed', async () => {
    const wanted = ['AlertRaised', 'AlertSuppressed', 'AlertRaised'];
    await define('on-uji', 'uji', '1');
    expect(await revisedStory('uji', run)).toEqual(wanted);
    await define('on-tenri', 'tenri', '1');
    expect(await revisedStory('tenri', () => Promise.resolve())).toEqual(wanted);
    await define('on-ikoma', 'ikoma', '1');
    expect(await revisedStory('ikoma', () => Promise.resolve(), killed)).toEqual(wanted);
  });

  test('comes to the same events after a crash between its append and its checkpoint', async () => {
    await define('on-tokyo', 'tokyo', '1');
    await tag('first of two', ['tokyo'], { copyKey: 'crash story' });
    await tag('second of two', ['tokyo'], { copyKey: 'crash story' });
    const store: Store = {
      ...log.store,
      append: async (commands, at) => {
        await log.store.append(commands, at);
        throw new Error('killed here');
      },
    };
    await expect(run(store)).rejects.toThrow('killed here');
    const before = [await said('on-tokyo', 'first of two'), await said('on-tokyo', 'second of two')];
    expect(before.map((events) => events[0]?.type)).toEqual(['AlertRaised', 'AlertSuppressed']);
    await run();
    expect([await said('on-tokyo', 'first of two'), await said('on-tokyo', 'second of two')]).toEqual(before);
  });

  test('judges the words an item was tagged by, and items without tags too', async () => {
    await define('on-words', 'none OR title:安東', '1');
    const content = contentHashOf('安東で会談', '');
    const words = itemText({ title: '安東で会談', summary: '' });
    await putContent(log.store.db, new Map([[content, words]]));
    await tag('worded', [], { content });
    await tag('without words', []);
    await run();
    const [raised] = await said('on-words', 'worded');
    expect(raised?.data).toMatchObject({
      matches: [{ words: 'title:安東', field: 'title', surface: '安東' }],
    });
    expect(await said('on-words', 'without words')).toEqual([]);
  });

  test('judges an item as it was when it was tagged, though it has moved on since', async () => {
    await define('on-first-words', 'atami -is:revised', '1');
    await define('on-other-words', 'atami is:revised', '1');
    await tag('moved on', ['atami']);
    const { item, feed, content: previous } = ingested('moved on').data;
    const content = contentHashOf('other words', '');
    const data = { item, feed, revision: 1, content, previous, published: null, backfill: null };
    const id = eventIdOf('ItemRevised', item, 1);
    const revised = { type: 'ItemRevised' as const, id, decidedAt: NOON, data };
    await log.store.append([{ stream: itemStream(item), expected: null, events: [revised] }], NOON);
    await run();
    expect((await said('on-first-words', 'moved on')).map(({ type }) => type)).toEqual(['AlertRaised']);
    expect(await said('on-other-words', 'moved on')).toEqual([]);
  });

  test('goes on by the rules that a build of before the query language kept', async () => {
    const when = { all: ['uozu'], any: [], none: ['deer'], salienceMin: 0.1, langs: [], publishers: [] };
    const kept = { rule: 'on-uozu', title: 'Uozu', about: '', when, channels: ['console'] };
    await log.store.db
      .insertInto('sw_work.rule_book')
      .values({ rule: ruleId('on-uozu'), version: '1', definition: JSON.stringify(kept) })
      .execute();
    await tag('old rule', ['uozu']);
    await tag('old exception', ['uozu', 'deer']);
    await run();
    expect((await said('on-uozu', 'old rule')).map(({ type }) => type)).toEqual(['AlertRaised']);
    expect(await said('on-uozu', 'old exception')).toEqual([]);
  });

  test('holds only the rule that it cannot understand, and says so once', async () => {
    const lines: string[] = [];
    const consumer = raiseAlerts({
      store: log.store,
      dossier: NO_DOSSIER,
      now,
      log: pino({ level: 'warn' }, { write: (line) => lines.push(line) }),
    });
    await define('on-nothing', 'nobody OR entity:not-in-the-dossier', '1');
    await define('on-hakone', 'hakone', '1');
    for (const name of ['two rules', 'two rules again']) {
      await tag(name, ['hakone', 'nobody']);
      await step(log.store.db, consumer, now);
      expect(await said('on-nothing', name)).toEqual([]);
      expect((await said('on-hakone', name)).map(({ type }) => type)).toEqual(['AlertRaised']);
    }
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/"rule":"on-nothing".*not-in-the-dossier is no entity of the dossier/);
  });
});
