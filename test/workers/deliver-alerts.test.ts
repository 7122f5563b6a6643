import { beforeEach, describe, expect, test } from 'vitest';
import type { AlertMessage, Channel, SendOutcome } from '../../src/alerts/channel.ts';
import type { AlertRaised } from '../../src/events/alert.ts';
import { alertIdOf, alertStream, eventIdOf, ruleId } from '../../src/events/ids.ts';
import type { AlertId } from '../../src/events/ids.ts';
import { createLog } from '../../src/log.ts';
import { planDeliveries } from '../../src/store/deliveries.ts';
import { readStream } from '../../src/store/read.ts';
import type { Store } from '../../src/store/store.ts';
import { deliverAlert, DELIVERY_ATTEMPTS_MAX, retryDelayMs } from '../../src/workers/deliver-alerts.ts';
import type { DeliverDeps } from '../../src/workers/deliver-alerts.ts';
import { commandOf, ingested, itemOf, NOON } from '../support/events.ts';
import { keepingChannel } from '../support/pipeline.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
let clock = NOON.getTime();
let count = 0;
beforeEach(() => {
  clock = NOON.getTime();
});

function deps(channel: Channel, store: Store = log.store): DeliverDeps {
  return {
    store,
    channels: new Map([[channel.name, channel]]),
    now: () => new Date(clock),
    log: createLog('silent'),
  };
}

/** Raises an alert as the rules consumer and the relay do. */
async function raise(channels: readonly string[] = ['console']): Promise<AlertId> {
  const name = `alerting ${count++}`;
  const item = itemOf(name);
  const alert = alertIdOf(ruleId('a-rule'), item);
  const event: AlertRaised = {
    type: 'AlertRaised',
    id: eventIdOf('AlertRaised', alert),
    decidedAt: NOON,
    data: {
      alert,
      rule: ruleId('a-rule'),
      ruleVersion: '1',
      item,
      content: ingested(name).data.content,
      tagged: eventIdOf('ItemTagged', name),
      dossier: 'd1',
      tagger: 't1',
      matches: [],
      channels,
    },
  };
  await log.store.append([commandOf(ingested(name), 0)], NOON);
  const [result] = await log.store.append(
    [{ stream: alertStream(alert), expected: 0, events: [event] }],
    NOON,
  );
  const position = result?.position;
  if (position === undefined || position === null) throw new Error('not appended');
  await log.store.db.transaction().execute((tx) =>
    planDeliveries(
      tx,
      channels.map((channel) => ({ alert, channel, position })),
      NOON,
    ),
  );
  return alert;
}

async function attempts(alert: AlertId): Promise<string[]> {
  return (await readStream(log.store.db, alertStream(alert))).slice(1).map(({ type }) => type);
}

describe('a delivery', () => {
  test('is sent once, though two workers are woken for it at the same moment', async () => {
    const channel = keepingChannel();
    const alert = await raise();
    await Promise.all([deliverAlert(deps(channel), alert), deliverAlert(deps(channel), alert)]);
    await deliverAlert(deps(channel), alert);
    expect(channel.sent).toHaveLength(1);
    expect(await attempts(alert)).toEqual(['AlertDelivered']);
  });

  test('is tried again after a growing pause, under the same id, and each failure is in the log', async () => {
    const channel = keepingChannel((_message, attempt) =>
      attempt < 3 ? { kind: 'again', reason: 'HTTP 503', notBeforeMs: null } : { kind: 'sent', detail: 'ok' },
    );
    const alert = await raise();
    for (let second = 0; second < 20; second++) {
      await deliverAlert(deps(channel), alert);
      clock += 1_000;
    }
    expect(channel.sent).toHaveLength(3);
    expect(new Set(channel.sent.map(({ id }) => id)).size).toBe(1);
    expect(await attempts(alert)).toEqual(['AlertDeliveryFailed', 'AlertDeliveryFailed', 'AlertDelivered']);
  });

  test('waits at least as long as the receiver asked for', async () => {
    const channel = keepingChannel((_message, attempt) =>
      attempt === 1
        ? { kind: 'again', reason: 'HTTP 429', notBeforeMs: 60_000 }
        : { kind: 'sent', detail: 'ok' },
    );
    const alert = await raise();
    await deliverAlert(deps(channel), alert);
    clock += 59_999;
    await deliverAlert(deps(channel), alert);
    expect(channel.sent).toHaveLength(1);
    clock += 1;
    await deliverAlert(deps(channel), alert);
    expect(channel.sent).toHaveLength(2);
  });

  test('is given up for good when the receiver is gone, or after the last attempt', async () => {
    const gone = keepingChannel((): SendOutcome => ({ kind: 'never', reason: 'HTTP 410' }));
    const first = await raise();
    await deliverAlert(deps(gone), first);
    const stubborn = keepingChannel((): SendOutcome => ({
      kind: 'again',
      reason: 'HTTP 500',
      notBeforeMs: null,
    }));
    const second = await raise();
    for (let attempt = 0; attempt < DELIVERY_ATTEMPTS_MAX + 3; attempt++) {
      clock += retryDelayMs(DELIVERY_ATTEMPTS_MAX, null);
      await deliverAlert(deps(gone), first);
      await deliverAlert(deps(stubborn), second);
    }
    expect(gone.sent).toHaveLength(1);
    expect(stubborn.sent).toHaveLength(DELIVERY_ATTEMPTS_MAX);
    const last = (await readStream(log.store.db, alertStream(second))).at(-1);
    expect(last?.data).toMatchObject({ final: true, attempt: DELIVERY_ATTEMPTS_MAX });
  });

  test('waits for a process that has its channel, however long', async () => {
    const alert = await raise(['pager']);
    await deliverAlert(deps(keepingChannel()), alert);
    clock += 1_000 * 60 * 60 * 24 * 7;
    await deliverAlert(deps(keepingChannel()), alert);
    expect(await attempts(alert)).toEqual([]);
    const pager = { ...keepingChannel(), name: 'pager' };
    await deliverAlert(deps(pager), alert);
    expect(await attempts(alert)).toEqual(['AlertDelivered']);
  });

  test('is not sent again by a process that crashed after its event and before its table', async () => {
    const channel = keepingChannel();
    const alert = await raise();
    const store: Store = {
      ...log.store,
      append: async (commands, now) => {
        await log.store.append(commands, now);
        throw new Error('killed here');
      },
    };
    await expect(deliverAlert(deps(channel, store), alert)).rejects.toThrow('killed here');
    clock += 120_000;
    await deliverAlert(deps(channel), alert);
    expect(channel.sent).toHaveLength(1);
    expect(await attempts(alert)).toEqual(['AlertDelivered']);
  });

  test('goes out again under the same id after a crash between the send and its event: the one gap there is', async () => {
    const channel = keepingChannel();
    const alert = await raise();
    const store: Store = { ...log.store, append: () => Promise.reject(new Error('killed here')) };
    await expect(deliverAlert(deps(channel, store), alert)).rejects.toThrow('killed here');
    await deliverAlert(deps(channel), alert);
    expect(channel.sent).toHaveLength(1);
    clock += 120_000;
    await deliverAlert(deps(channel), alert);
    expect(channel.sent.map(({ id }: AlertMessage) => id)).toEqual([
      channel.sent[0]?.id,
      channel.sent[0]?.id,
    ]);
    expect(await attempts(alert)).toEqual(['AlertDelivered']);
  });
});
