import { beforeAll, describe, expect, test } from 'vitest';
import { decideAlert } from '../../src/alerts/decide.ts';
import { ruleVersionOf } from '../../src/alerts/rule-list.ts';
import {
  alertIdOf,
  alertStream,
  eventIdOf,
  feedId,
  feedStream,
  ruleId,
  ruleStream,
} from '../../src/events/ids.ts';
import type { FeedEvent } from '../../src/events/feed.ts';
import type { RuleDefinition } from '../../src/events/rule.ts';
import { countSubjects, listAlerts, listFeeds } from '../../src/query/lists.ts';
import type { AlertFilter } from '../../src/query/lists.ts';
import type { Command } from '../../src/store/append.ts';
import { compiled, queryItem, rule } from '../alerts/support.ts';
import { itemOf, NOON, tagged } from '../support/events.ts';
import { useStore } from '../support/store.ts';
import { catchUp, feedAdded, fill } from './fill.ts';

const log = useStore();
const nara = rule('nara', 'subject:nara', 'Nara again');
const japan = rule('japan', 'subject:japan', 'Japan');

function define(definition: RuleDefinition): Command {
  const version = ruleVersionOf(definition);
  const id = eventIdOf('RuleDefined', definition.rule, version, 0);
  const data = { rule: definition.rule, version, definition, dossier: 'd1' };
  return {
    stream: ruleStream(definition.rule),
    expected: 0,
    events: [{ type: 'RuleDefined', id, decidedAt: NOON, data }],
  };
}

/** What the rule says about the item, as a command for the log. */
function say(
  definition: RuleDefinition,
  name: string,
  subjects: string[],
  backfill: 'archive' | null,
): Command {
  const event = tagged(name, subjects, { backfill });
  const item = {
    id: event.id,
    tagged: event.data,
    item: queryItem({ tags: event.data.tags }),
    recordedAt: NOON,
  };
  const decision = decideAlert(compiled(definition, ruleVersionOf(definition)), item, undefined, NOON);
  if (decision === null) throw new Error(`${definition.rule} does not match ${name}`);
  return { stream: alertStream(decision.event.data.alert), expected: 0, events: [decision.event] };
}

function attempt(name: string, number: number, outcome: 'failing' | 'failed' | 'delivered'): Command {
  const alert = alertIdOf(ruleId('nara'), itemOf(name));
  const common = { alert, channel: 'webhook', attempt: number };
  const base = { id: eventIdOf('attempt', alert, number), decidedAt: NOON };
  return {
    stream: alertStream(alert),
    expected: null,
    events: [
      outcome === 'delivered'
        ? { ...base, type: 'AlertDelivered', data: { ...common, detail: 'HTTP 204' } }
        : {
            ...base,
            type: 'AlertDeliveryFailed',
            data: { ...common, reason: 'HTTP 500', final: outcome === 'failed' },
          },
    ],
  };
}

function feedEvent(event: Omit<FeedEvent, 'id' | 'decidedAt'>, number: number): Command {
  const whole = {
    ...event,
    id: eventIdOf(event.type, event.data.feed, number),
    decidedAt: NOON,
  } as FeedEvent;
  return { stream: feedStream(event.data.feed), expected: null, events: [whole] };
}

beforeAll(async () => {
  await log.store.append(
    [define(nara), define(japan), feedAdded('wire-en', 'Wire'), feedAdded('still')],
    NOON,
  );
  await fill(log.store, [
    { name: 'one', subjects: ['nara'] },
    { name: 'two', subjects: ['nara', 'japan'], lang: 'ja' },
    { name: 'old', subjects: ['nara'] },
    { name: 'mute', subjects: ['nara'], lang: null },
  ]);
  await log.store.append(
    [
      say(nara, 'one', ['nara'], null),
      say(nara, 'two', ['nara', 'japan'], null),
      say(japan, 'two', ['nara', 'japan'], null),
      say(nara, 'old', ['nara'], 'archive'),
    ],
    NOON,
  );
  await log.store.append(
    [attempt('one', 1, 'failing'), attempt('one', 2, 'delivered'), attempt('two', 1, 'failed')],
    NOON,
  );
  await catchUp(log.store);
});

const ANY_ALERT: AlertFilter = { status: null, rule: null, item: null, limit: 100 };

async function alerts(change: Partial<AlertFilter>): Promise<string[]> {
  const found = await listAlerts(log.store.db, { ...ANY_ALERT, ...change });
  return found.map((alert) => `${alert.rule} ${alert.title} ${alert.status}`);
}

describe('listAlerts', () => {
  test('gives all, newest first, each with its rule and item', async () => {
    expect(await alerts({})).toEqual([
      'nara old suppressed',
      'japan two raised',
      'nara two raised',
      'nara one raised',
    ]);
    const [first] = await listAlerts(log.store.db, ANY_ALERT);
    expect(first).toMatchObject({
      ruleTitle: 'Nara again',
      publisher: 'wire',
      url: 'https://wire.example/old',
    });
  });

  test('narrows to a status, a rule, an item, and to all of them together', async () => {
    expect(await alerts({ status: 'suppressed' })).toEqual(['nara old suppressed']);
    expect(await alerts({ rule: ruleId('japan') })).toEqual(['japan two raised']);
    expect(await alerts({ item: itemOf('two') })).toEqual(['japan two raised', 'nara two raised']);
    expect(await alerts({ item: itemOf('two'), rule: ruleId('nara'), status: 'raised' })).toEqual([
      'nara two raised',
    ]);
    expect(await alerts({ item: itemOf('two'), status: 'suppressed' })).toEqual([]);
  });

  test('gives no more than asked for', async () => {
    expect(await alerts({ limit: 1 })).toEqual(['nara old suppressed']);
  });

  test('tells why an alert was held back, and how the last attempt on each channel went', async () => {
    const found = await listAlerts(log.store.db, { ...ANY_ALERT, rule: ruleId('nara') });
    expect(found.map(({ title, reason, deliveries }) => ({ title, reason, deliveries }))).toEqual([
      { title: 'old', reason: { kind: 'backfill', backfill: 'archive' }, deliveries: [] },
      {
        title: 'two',
        reason: null,
        deliveries: [{ channel: 'webhook', status: 'failed', attempt: 1, detail: 'HTTP 500' }],
      },
      {
        title: 'one',
        reason: null,
        deliveries: [{ channel: 'webhook', status: 'delivered', attempt: 2, detail: 'HTTP 204' }],
      },
    ]);
  });
});

describe('listFeeds', () => {
  test('gives each feed with what it brought, though it was never polled', async () => {
    const feeds = await listFeeds(log.store.db);
    expect(feeds.map((feed) => `${feed.feed} ${feed.items}`)).toEqual(['still 0', 'wire-en 4']);
    expect(feeds[1]).toMatchObject({
      title: 'Wire',
      status: 'active',
      failure: null,
      lastItemAt: NOON,
      lastPolledAt: null,
      nextDueAt: null,
    });
  });

  test('tells the trouble a feed is in since when, and forgets it when the feed recovers', async () => {
    const feed = feedId('still');
    const failure = { kind: 'hard' as const, reason: 'answered 404', status: 404, evidence: null };
    const at = new Date(NOON.getTime() + 1_000);
    await log.store.append([feedEvent({ type: 'FeedFailed', data: { feed, failure } }, 1)], at);
    await catchUp(log.store);
    expect((await listFeeds(log.store.db))[0]).toMatchObject({ failure, failingSince: at });
    await log.store.append([feedEvent({ type: 'FeedRecovered', data: { feed, failures: 3 } }, 2)], at);
    await catchUp(log.store);
    expect((await listFeeds(log.store.db))[0]).toMatchObject({ failure: null, failingSince: null });
  });
});

describe('countSubjects', () => {
  test('counts items by subject and language, those without a language as undetermined', async () => {
    expect(await countSubjects(log.store.db)).toEqual([
      { subject: 'japan', lang: 'ja', items: 1 },
      { subject: 'nara', lang: 'en', items: 2 },
      { subject: 'nara', lang: 'ja', items: 1 },
      { subject: 'nara', lang: 'und', items: 1 },
    ]);
  });
});
