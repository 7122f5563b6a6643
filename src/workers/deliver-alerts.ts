import assert from 'node:assert/strict';
import { IN_FULL_TEXT } from '../alerts/channel.ts';
import type { AlertMessage, Channel, SendOutcome } from '../alerts/channel.ts';
import { toldMatches } from '../alerts/told-matches.ts';
import type { AlertDelivered, AlertDeliveryFailed, AlertRaised } from '../events/alert.ts';
import type { Recorded } from '../events/event.ts';
import type { Tag } from '../events/item.ts';
import { alertStream, eventIdOf, itemStream, ruleStream } from '../events/ids.ts';
import type { AlertId } from '../events/ids.ts';
import type { Log } from '../log.ts';
import { getItemContents } from '../store/content.ts';
import { claimDeliveries, recordAttempt } from '../store/deliveries.ts';
import type { Delivery } from '../store/deliveries.ts';
import { readStream } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { readItems, UNKNOWN_ITEM } from './items.ts';

/** Attempts at one delivery before it is given up: with the delays below, after seventeen and a half hours. */
export const DELIVERY_ATTEMPTS_MAX = 12;
const RETRY_MIN_MS = 1_000;
const RETRY_MAX_MS = 4 * 60 * 60 * 1000;
/** How long a claimed delivery is this worker's before others may take it up. */
const DELIVERY_LEASE_MS = 60_000;

export interface DeliverDeps {
  readonly store: Store;
  readonly channels: ReadonlyMap<string, Channel>;
  readonly now: () => Date;
  readonly log: Log;
}

/** Milliseconds to wait after a failed attempt (the first is 1): four times the one before, up to RETRY_MAX_MS, and never less than the receiver asked for. */
export function retryDelayMs(attempt: number, notBeforeMs: number | null): number {
  const backoff = Math.min(RETRY_MIN_MS * 4 ** (attempt - 1), RETRY_MAX_MS);
  return Math.max(backoff, notBeforeMs ?? 0);
}

async function ruleTitle(store: Store, { data }: Recorded<AlertRaised>): Promise<string> {
  const events = await readStream(store.db, ruleStream(data.rule));
  const defined = events.find(
    (event) => event.type === 'RuleDefined' && event.data.version === data.ruleVersion,
  );
  return defined?.type === 'RuleDefined' ? defined.data.definition.title : data.rule;
}

/** The tags that an alert was decided on; none where the log does not hold them, as nothing then tells where they stand. */
async function tagsOf(store: Store, { data }: Recorded<AlertRaised>): Promise<readonly Tag[]> {
  const tagged = (await readStream(store.db, itemStream(data.item))).find(({ id }) => id === data.tagged);
  return tagged?.type === 'ItemTagged' ? tagged.data.tags : [];
}

async function messageOf(store: Store, event: Recorded<AlertRaised>): Promise<AlertMessage> {
  const { item, content, rule, ruleVersion, alert } = event.data;
  const { state } = (await readItems(store.db, [item])).get(item) ?? UNKNOWN_ITEM;
  const contents = await getItemContents(store.db, [content]);
  const matches = toldMatches(event.data.matches, await tagsOf(store, event));
  return {
    id: event.id,
    alert,
    rule: { id: rule, version: ruleVersion, title: await ruleTitle(store, event) },
    item: {
      id: item,
      title: contents.get(content)?.title ?? '',
      url: state.url,
      publisher: state.publisher,
      lang: state.lang,
      published: state.published,
    },
    matches,
    ...(matches.length > 0 && matches.every(({ where }) => where !== undefined) && { where: IN_FULL_TEXT }),
    raisedAt: event.recordedAt.toISOString(),
  };
}

function eventOf(delivery: Delivery, outcome: SendOutcome, now: Date): AlertDelivered | AlertDeliveryFailed {
  const { alert, channel } = delivery;
  const attempt = delivery.attempts + 1;
  if (outcome.kind === 'sent') {
    // One delivery an alert and channel, whichever attempt it was: a second worker's word is a duplicate.
    const id = eventIdOf('AlertDelivered', alert, channel);
    return {
      type: 'AlertDelivered',
      id,
      decidedAt: now,
      data: { alert, channel, attempt, detail: outcome.detail },
    };
  }
  const final = outcome.kind === 'never' || attempt >= DELIVERY_ATTEMPTS_MAX;
  const id = eventIdOf('AlertDeliveryFailed', alert, channel, attempt);
  const data = { alert, channel, attempt, reason: outcome.reason, final };
  return { type: 'AlertDeliveryFailed', id, decidedAt: now, data };
}

async function send(deps: DeliverDeps, delivery: Delivery, message: AlertMessage): Promise<void> {
  const { store, channels, now, log } = deps;
  const channel = channels.get(delivery.channel);
  assert(channel !== undefined, `claimed a delivery on ${delivery.channel}, which this process has not`);
  const outcome = await channel.send(message, now());
  const event = eventOf(delivery, outcome, now());
  await store.append([{ stream: alertStream(delivery.alert), expected: null, events: [event] }], now());
  if (event.type === 'AlertDelivered') {
    await recordAttempt(store.db, delivery, null);
    return;
  }
  const { attempt, reason, final } = event.data;
  log.warn({ alert: delivery.alert, channel: delivery.channel, attempt, reason, final }, 'delivery failed');
  const notBefore = outcome.kind === 'again' ? outcome.notBeforeMs : null;
  const next = new Date(now().getTime() + retryDelayMs(attempt, notBefore));
  await recordAttempt(store.db, delivery, final ? null : next);
}

/**
 * Sends what is due of one alert. The event of an attempt is appended before the table of deliveries moves on:
 * after a crash in between, the log says that it was sent and it is not sent again. Only a crash between the send and
 * its event repeats a delivery, under the same id.
 */
export async function deliverAlert(deps: DeliverDeps, alert: AlertId): Promise<void> {
  const { store, now } = deps;
  const claimed = await claimDeliveries(store.db, alert, [...deps.channels.keys()], now(), DELIVERY_LEASE_MS);
  if (claimed.length === 0) return;
  const stream = await readStream(store.db, alertStream(alert));
  const raised = stream.find((event) => event.type === 'AlertRaised');
  if (raised?.type !== 'AlertRaised') throw new Error(`alert ${alert} has deliveries but was never raised`);
  const message = await messageOf(store, raised);
  const delivered = new Set(
    stream.flatMap((event) => (event.type === 'AlertDelivered' ? [event.data.channel] : [])),
  );
  for (const delivery of claimed) {
    if (delivered.has(delivery.channel)) await recordAttempt(store.db, delivery, null);
    else await send(deps, delivery, message);
  }
}
