import { sql } from 'kysely';
import type { Selectable } from 'kysely';
import type {
  AlertAcknowledged,
  AlertDelivered,
  AlertDeliveryFailed,
  AlertRaised,
  AlertSuppressed,
} from '../events/alert.ts';
import type { Recorded } from '../events/event.ts';
import type { Tx } from '../store/database.ts';
import type { Tables } from '../store/tables.ts';
import { tableIn } from './projection.ts';
import type { Projection, ReadSchema, TableShape } from './projection.ts';
import { addRows } from './versions.ts';

const ALERTS: TableShape = {
  columns: `
  alert                 text        not null collate "C" primary key,
  position              bigint      not null,
  rule                  text        not null collate "C",
  rule_version          text        not null,
  item                  text        not null collate "C",
  status                text        not null check (status in ('raised', 'suppressed')),
  reason                jsonb,
  matches               jsonb       not null,
  channels              jsonb       not null,
  decided_at            timestamptz not null,
  recorded_at           timestamptz not null,
  -- who has seen it, from which event on, and what they said of it; null until somebody says so
  acknowledged_position bigint,
  acknowledged_at       timestamptz,
  acknowledged_by       text,
  acknowledged_note     text`,
  whenFull: [
    'create index alerts_by_item on alerts (item)',
    'create index alerts_by_position on alerts (position desc)',
    // What nobody has seen yet is asked for all day, and is soon a small part of all alerts.
    "create index alerts_unacknowledged on alerts (position desc) where status = 'raised' and acknowledged_at is null",
  ],
};

/** Every attempt: the last of a channel, at any position, is how it stands there. */
const ALERT_DELIVERIES: TableShape = {
  columns: `
  alert       text        not null collate "C",
  channel     text        not null collate "C",
  position    bigint      not null,
  status      text        not null check (status in ('delivered', 'failing', 'failed')),
  attempt     int         not null,
  detail      text        not null,
  recorded_at timestamptz not null,
  primary key (alert, channel, position)`,
  whenFull: [
    "create index alert_deliveries_failed on alert_deliveries (recorded_at) where status = 'failed'",
  ],
};

type Decided = Recorded<AlertRaised> | Recorded<AlertSuppressed>;
type Attempted = Recorded<AlertDelivered> | Recorded<AlertDeliveryFailed>;

function rowOf(event: Decided): Selectable<Tables['sw_read.alerts']> {
  const { alert, rule, ruleVersion, item, matches } = event.data;
  const raised = event.type === 'AlertRaised';
  return {
    alert,
    position: event.position,
    rule,
    rule_version: ruleVersion,
    item,
    status: raised ? 'raised' : 'suppressed',
    reason: raised ? null : event.data.reason,
    matches,
    channels: raised ? event.data.channels : [],
    decided_at: event.decidedAt,
    recorded_at: event.recordedAt,
    acknowledged_position: null,
    acknowledged_at: null,
    acknowledged_by: null,
    acknowledged_note: null,
  };
}

function outcomeOf(event: Attempted): {
  status: 'delivered' | 'failing' | 'failed';
  detail: string;
} {
  if (event.type === 'AlertDelivered') return { status: 'delivered', detail: event.data.detail };
  return { status: event.data.final ? 'failed' : 'failing', detail: event.data.reason };
}

function attemptOf(event: Attempted): Selectable<Tables['sw_read.alert_deliveries']> {
  const { alert, channel, attempt } = event.data;
  const { position, recordedAt } = event;
  return { alert, channel, position, attempt, ...outcomeOf(event), recorded_at: recordedAt };
}

async function noteAcknowledged(
  tx: Tx,
  events: readonly Recorded<AlertAcknowledged>[],
  schema: ReadSchema,
): Promise<void> {
  if (events.length === 0) return;
  // Once is enough: what is said of an alert later adds nothing, so that an alert has one such position.
  const firsts = new Map([...events].reverse().map((event) => [event.data.alert, event]));
  const told = [...firsts.values()];
  await sql`
    update ${sql.table(tableIn(schema, 'sw_read.alerts'))} a
       set acknowledged_position = p.position, acknowledged_at = p.recorded_at, acknowledged_by = p.by,
           acknowledged_note = p.note
      from unnest(
        ${told.map(({ data }) => data.alert)}::text[], ${told.map(({ position }) => position)}::bigint[],
        ${told.map(({ recordedAt }) => recordedAt)}::timestamptz[], ${told.map(({ data }) => data.by)}::text[],
        ${told.map(({ data }) => data.note)}::text[]) as p (alert, position, recorded_at, by, note)
     where a.alert = p.alert and a.acknowledged_position is null`.execute(tx);
}

/** Alerts raised and held back, with reasons, how each delivery went, and who has seen them; all of it by position. */
export const alerts: Projection = {
  name: 'alerts',
  // 2: the reason of a copy bears a digest in place of the headline.
  version: 2,
  tables: { 'sw_read.alerts': ALERTS, 'sw_read.alert_deliveries': ALERT_DELIVERIES },
  handles: ['AlertRaised', 'AlertSuppressed', 'AlertDelivered', 'AlertDeliveryFailed', 'AlertAcknowledged'],
  async apply(tx, events, schema) {
    const decided = events.filter(
      (event) => event.type === 'AlertRaised' || event.type === 'AlertSuppressed',
    );
    const attempted = events.filter(
      (event) => event.type === 'AlertDelivered' || event.type === 'AlertDeliveryFailed',
    );
    await addRows(tx, schema, 'sw_read.alerts', decided.map(rowOf));
    await addRows(tx, schema, 'sw_read.alert_deliveries', attempted.map(attemptOf));
    // What is said of an alert comes after it in the log.
    await noteAcknowledged(
      tx,
      events.filter((event) => event.type === 'AlertAcknowledged'),
      schema,
    );
  },
};
