import type {
  AlertAcknowledged,
  AlertDelivered,
  AlertDeliveryFailed,
  AlertRaised,
  AlertSuppressed,
} from '../events/alert.ts';
import type { Insertable } from 'kysely';
import type { Recorded } from '../events/event.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import type { Projection } from './projection.ts';

type Decided = Recorded<AlertRaised> | Recorded<AlertSuppressed>;

function rowOf(event: Decided): Insertable<Tables['sw_read.alerts']> {
  const { alert, rule, ruleVersion, item, matches } = event.data;
  const raised = event.type === 'AlertRaised';
  return {
    alert,
    position: event.position,
    rule,
    rule_version: ruleVersion,
    item,
    status: raised ? 'raised' : 'suppressed',
    reason: raised ? null : JSON.stringify(event.data.reason),
    matches: JSON.stringify(matches),
    channels: JSON.stringify(raised ? event.data.channels : []),
    decided_at: event.decidedAt,
    recorded_at: event.recordedAt,
  };
}

/** A batch holds at most READ_EVENTS_MAX, a sixth of what one statement can bind. */
async function addAlerts(tx: Tx, events: readonly Decided[]): Promise<void> {
  if (events.length === 0) return;
  await tx.insertInto('sw_read.alerts').values(events.map(rowOf)).execute();
}

function outcomeOf(event: AlertDelivered | AlertDeliveryFailed): {
  status: 'delivered' | 'failing' | 'failed';
  detail: string;
} {
  if (event.type === 'AlertDelivered') return { status: 'delivered', detail: event.data.detail };
  return { status: event.data.final ? 'failed' : 'failing', detail: event.data.reason };
}

async function noteAttempt(
  tx: Tx,
  event: Recorded<AlertDelivered> | Recorded<AlertDeliveryFailed>,
): Promise<void> {
  const { alert, channel, attempt } = event.data;
  const state = { ...outcomeOf(event), attempt, recorded_at: event.recordedAt };
  await tx
    .insertInto('sw_read.alert_deliveries')
    .values({ alert, channel, ...state })
    .onConflict((conflict) => conflict.columns(['alert', 'channel']).doUpdateSet(state))
    .execute();
}

async function noteAcknowledged(tx: Tx, { data, recordedAt }: Recorded<AlertAcknowledged>): Promise<void> {
  const { alert, by, note } = data;
  await tx
    .updateTable('sw_read.alerts')
    .where('alert', '=', alert)
    .set({ acknowledged_at: recordedAt, acknowledged_by: by, acknowledged_note: note })
    .execute();
}

/** Alerts raised and held back, with reasons, how each delivery went, and who has seen them. */
export const alerts: Projection = {
  name: 'alerts',
  tables: ['sw_read.alerts', 'sw_read.alert_deliveries'],
  handles: ['AlertRaised', 'AlertSuppressed', 'AlertDelivered', 'AlertDeliveryFailed', 'AlertAcknowledged'],
  async apply(tx, events) {
    // What is said of an alert comes after it in the log, so all of them first.
    await addAlerts(
      tx,
      events.filter((event) => event.type === 'AlertRaised' || event.type === 'AlertSuppressed'),
    );
    for (const event of events) {
      if (event.type === 'AlertDelivered' || event.type === 'AlertDeliveryFailed')
        await noteAttempt(tx, event);
      else if (event.type === 'AlertAcknowledged') await noteAcknowledged(tx, event);
    }
  },
};
