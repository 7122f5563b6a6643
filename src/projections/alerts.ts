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
import { tableIn } from './projection.ts';
import type { Projection, ReadSchema, TableShape } from './projection.ts';

const ALERTS: TableShape = {
  columns: `
  alert             text        not null collate "C" primary key,
  position          bigint      not null,
  rule              text        not null collate "C",
  rule_version      text        not null,
  item              text        not null collate "C",
  status            text        not null check (status in ('raised', 'suppressed')),
  reason            jsonb,
  matches           jsonb       not null,
  channels          jsonb       not null,
  decided_at        timestamptz not null,
  recorded_at       timestamptz not null,
  -- who has seen it, when the log got to know, and what they said of it; null until somebody says so
  acknowledged_at   timestamptz,
  acknowledged_by   text,
  acknowledged_note text`,
  whenFull: [
    'create index alerts_by_item on alerts (item)',
    'create index alerts_by_position on alerts (position desc)',
    // What nobody has seen yet is asked for all day, and is soon a small part of all alerts.
    "create index alerts_unacknowledged on alerts (position desc) where status = 'raised' and acknowledged_at is null",
  ],
};

const ALERT_DELIVERIES: TableShape = {
  columns: `
  alert       text        not null collate "C",
  channel     text        not null collate "C",
  status      text        not null check (status in ('delivered', 'failing', 'failed')),
  attempt     int         not null,
  detail      text        not null,
  recorded_at timestamptz not null,
  primary key (alert, channel)`,
  whenFull: [
    "create index alert_deliveries_failed on alert_deliveries (recorded_at) where status = 'failed'",
  ],
};

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
async function addAlerts(tx: Tx, events: readonly Decided[], schema: ReadSchema): Promise<void> {
  if (events.length === 0) return;
  await tx.insertInto(tableIn(schema, 'sw_read.alerts')).values(events.map(rowOf)).execute();
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
  schema: ReadSchema,
): Promise<void> {
  const { alert, channel, attempt } = event.data;
  const state = { ...outcomeOf(event), attempt, recorded_at: event.recordedAt };
  await tx
    .insertInto(tableIn(schema, 'sw_read.alert_deliveries'))
    .values({ alert, channel, ...state })
    .onConflict((conflict) => conflict.columns(['alert', 'channel']).doUpdateSet(state))
    .execute();
}

async function noteAcknowledged(
  tx: Tx,
  { data, recordedAt }: Recorded<AlertAcknowledged>,
  schema: ReadSchema,
): Promise<void> {
  const { alert, by, note } = data;
  await tx
    .updateTable(tableIn(schema, 'sw_read.alerts'))
    .where('alert', '=', alert)
    .set({ acknowledged_at: recordedAt, acknowledged_by: by, acknowledged_note: note })
    .execute();
}

/** Alerts raised and held back, with reasons, how each delivery went, and who has seen them. */
export const alerts: Projection = {
  name: 'alerts',
  version: 1,
  tables: { 'sw_read.alerts': ALERTS, 'sw_read.alert_deliveries': ALERT_DELIVERIES },
  handles: ['AlertRaised', 'AlertSuppressed', 'AlertDelivered', 'AlertDeliveryFailed', 'AlertAcknowledged'],
  async apply(tx, events, schema) {
    // What is said of an alert comes after it in the log, so all of them first.
    await addAlerts(
      tx,
      events.filter((event) => event.type === 'AlertRaised' || event.type === 'AlertSuppressed'),
      schema,
    );
    for (const event of events) {
      if (event.type === 'AlertDelivered' || event.type === 'AlertDeliveryFailed')
        await noteAttempt(tx, event, schema);
      else if (event.type === 'AlertAcknowledged') await noteAcknowledged(tx, event, schema);
    }
  },
};
