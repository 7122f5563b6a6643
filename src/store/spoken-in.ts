import { sql } from 'kysely';
import type { Position } from '../events/ids.ts';
import type { Tx } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';
import type { SpokenAbout } from './rule-book.ts';

/**
 * What rules have spoken about in the events from `from` to `to`, in order, as the log tells it: what raise-alerts remembers
 * of its own decisions (alerts/decide.ts), for those that another process made. Rows are read as they are stored, so that what
 * upcasters do about the key of a first ItemTagged is done here.
 */
export async function spokenIn(tx: Tx, from: Position, to: Position): Promise<SpokenAbout[]> {
  const { rows } = await sql<SpokenAbout>`
    select a.data->>'rule' as rule,
           case t.schema_version when 1 then sw_work.copy_digest(t.data->>'copyKey') else t.data->>'copyKey' end as "copyKey",
           a.data->>'item' as item,
           a.data->>'alert' as alert,
           case when a.type = 'AlertRaised' then 'raised' else 'backfill' end as said,
           case when a.type = 'AlertRaised' then t.recorded_at
                else least(t.recorded_at, (
                  select (w.data->>'published')::timestamptz from ${EVERY_EVENT} w
                   where w.stream_id = t.stream_id and w.version < t.version
                     and w.type in ('ItemIngested', 'ItemRevised') and w.data->>'published' is not null
                   order by w.version limit 1)) end as at
      from ${EVERY_EVENT} a
      join ${EVERY_EVENT} t on t.stream_id = 'item-' || (a.data->>'item') and t.event_id = (a.data->>'tagged')::uuid
     where a.position between ${from} and ${to} and t.data->>'copyKey' <> ''
       and (a.type = 'AlertRaised' or (a.type = 'AlertSuppressed' and a.data->'reason'->>'kind' = 'backfill'))
     order by a.position`.execute(tx);
  return rows;
}
