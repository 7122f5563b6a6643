import { decideAcknowledge } from '../alerts/acknowledge.ts';
import type { AckDecision, Acknowledging } from '../alerts/acknowledge.ts';
import type { AlertEvent } from '../events/alert.ts';
import { alertStream } from '../events/ids.ts';
import type { AlertId } from '../events/ids.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { readStreams } from '../store/read.ts';
import type { Store } from '../store/store.ts';
import { takeEffect } from './take-effect.ts';

/** What became of each alert; where one is refused, none was acknowledged. */
export type Acknowledged = ReadonlyMap<AlertId, AckDecision>;

/** Acknowledges alerts, all or none. Safe to repeat, by any number of people at once. */
export async function acknowledgeAlerts(
  store: Store,
  alerts: readonly AlertId[],
  how: Acknowledging,
  now: () => Date,
): Promise<Acknowledged> {
  await refuseUnfinished(store.db);
  const streams = await readStreams(store.db, alerts.map(alertStream));
  const decided = new Map(
    alerts.map((alert) => {
      // An alert's stream holds nothing else.
      const stream = (streams.get(alertStream(alert)) ?? []) as readonly AlertEvent[];
      return [alert, decideAcknowledge(alert, stream, how, now())] as const;
    }),
  );
  const decisions = [...decided.values()];
  if (decisions.some(({ kind }) => kind === 'refused')) return decided;
  const events = decisions.flatMap((decision) => (decision.kind === 'event' ? [decision.event] : []));
  // At any version: deliveries go on meanwhile, and acknowledging says nothing about them.
  const commands = events.map((event) => ({
    stream: alertStream(event.data.alert),
    expected: null,
    events: [event],
  }));
  const results = await store.append(commands, now());
  await takeEffect(store, results, ['alerts'], now);
  const late = events.flatMap(({ data }, index) =>
    results[index]?.status === 'duplicate' ? [data.alert] : [],
  );
  // Somebody was first in the same moment: what stands is theirs.
  if (late.length === 0) return decided;
  return new Map([...decided, ...(await acknowledgeAlerts(store, late, how, now))]);
}
