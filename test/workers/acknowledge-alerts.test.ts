import { beforeAll, describe, expect, test } from 'vitest';
import type { AlertRaised, AlertSuppressed } from '../../src/events/alert.ts';
import { alertIdOf, alertStream, eventIdOf, ruleId } from '../../src/events/ids.ts';
import type { AlertId } from '../../src/events/ids.ts';
import { rebuild } from '../../src/projections/rebuild.ts';
import { alerts } from '../../src/projections/alerts.ts';
import { findAlerts, listAlerts } from '../../src/query/lists.ts';
import { readStream } from '../../src/store/read.ts';
import { acknowledgeAlerts } from '../../src/workers/acknowledge-alerts.ts';
import { itemOf, NOON, tagged } from '../support/events.ts';
import { dumpReadTables } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const now = (): Date => NOON;
const KIM = { by: 'kim', note: 'in the brief' };

function alertOf(name: string): AlertId {
  return alertIdOf(ruleId('nara'), itemOf(name));
}

async function say(name: string, held: boolean): Promise<void> {
  const { data } = tagged(name, ['nara']);
  const alert = alertOf(name);
  const { content, dossier, tagger } = data;
  const ground = {
    ...{ alert, rule: ruleId('nara'), ruleVersion: 'v1', item: data.item, content },
    ...{ tagged: eventIdOf('ItemTagged', name), dossier, tagger, matches: [] },
  };
  const base = { id: eventIdOf('said', alert), decidedAt: NOON };
  const event: AlertRaised | AlertSuppressed = held
    ? { ...base, type: 'AlertSuppressed', data: { ...ground, reason: { kind: 'retagged' } } }
    : { ...base, type: 'AlertRaised', data: { ...ground, channels: ['console'] } };
  await log.store.append([{ stream: alertStream(alert), expected: 0, events: [event] }], NOON);
}

async function acknowledged(name: string): Promise<number> {
  const events = await readStream(log.store.db, alertStream(alertOf(name)));
  return events.filter((event) => event.type === 'AlertAcknowledged').length;
}

beforeAll(async () => {
  for (const name of ['one', 'two', 'three', 'four']) await say(name, false);
  await say('held', true);
});

describe('acknowledging alerts', () => {
  test('is remembered once, with the name and note of the first, whoever comes after', async () => {
    const first = await acknowledgeAlerts(log.store, [alertOf('one')], KIM, now);
    expect(first.get(alertOf('one'))?.kind).toBe('event');
    const second = await acknowledgeAlerts(log.store, [alertOf('one')], { by: 'lee', note: '' }, now);
    expect(second.get(alertOf('one'))).toEqual({ kind: 'already', by: 'kim', at: NOON });
    expect(await acknowledged('one')).toBe(1);
  });

  test('by many people at once leaves one event', async () => {
    const people = ['a', 'b', 'c', 'd'].map((by) => ({ by, note: '' }));
    await Promise.all(people.map((how) => acknowledgeAlerts(log.store, [alertOf('two')], how, now)));
    expect(await acknowledged('two')).toBe(1);
  });

  test('is seen at once, though no process follows the log, and no longer among the unacknowledged', async () => {
    const filter = { rule: null, item: null, limit: 10 };
    const open = await listAlerts(log.store.db, { ...filter, status: 'unacknowledged' });
    expect(open.map(({ alert }) => alert)).toEqual([alertOf('four'), alertOf('three')]);
    const raised = await listAlerts(log.store.db, { ...filter, status: 'raised' });
    expect(raised.find(({ alert }) => alert === alertOf('one'))?.acknowledged).toEqual({ at: NOON, ...KIM });
    expect(raised).toHaveLength(4);
  });

  test('refuses what was held back or never was, and then acknowledges none', async () => {
    const never = alertOf('never');
    const asked = [alertOf('three'), alertOf('held'), never];
    const decided = await acknowledgeAlerts(log.store, asked, KIM, now);
    expect(decided.get(alertOf('held'))).toMatchObject({ kind: 'refused' });
    expect(JSON.stringify(decided.get(alertOf('held')))).toContain('held back (retagged)');
    expect(decided.get(never)).toEqual({ kind: 'refused', reason: `no alert ${never} in the log` });
    expect(await acknowledged('three')).toBe(0);
  });

  test('comes out the same when the read tables are rebuilt', async () => {
    const before = await dumpReadTables(log.store.db);
    expect(before['sw_read.alerts']?.join()).toContain('in the brief');
    await rebuild(log.store.db, alerts, { now });
    expect(await dumpReadTables(log.store.db)).toEqual(before);
  });

  test('an alert is found by its first characters', async () => {
    const alert = alertOf('one');
    expect(await findAlerts(log.store.db, alert.slice(0, 8).toUpperCase(), 5)).toEqual([
      { alert, item: itemOf('one') },
    ]);
    expect(await findAlerts(log.store.db, alert.slice(0, 3), 5)).toEqual([]);
    expect(await findAlerts(log.store.db, '%%%%', 5)).toEqual([]);
  });
});
