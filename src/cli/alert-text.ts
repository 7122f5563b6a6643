import type { SuppressionReason } from '../events/alert.ts';
import type { ListedAlert } from '../query/lists.ts';
import { moment } from './output.ts';

export const ID_CHARS_SHOWN = 8;

/** What the rule did about the item that a copy is of. */
const COPY_OF = { raised: 'of which this rule has spoken', backfill: 'known from a backfill' } as const;

/** Why an alert was held back, in words. */
function reasonText(reason: SuppressionReason): string {
  switch (reason.kind) {
    case 'backfill':
      return reason.backfill === 'archive'
        ? 'backfill: came with an archive'
        : "backfill: came with its feed's first poll";
    case 'retagged':
      return 'retagged: the words are not new';
    case 'copy':
      return `copy of ${reason.of.slice(0, ID_CHARS_SHOWN)}, ${COPY_OF[reason.said]}`;
  }
}

/** What became of an alert, in words. */
export function outcomeText(alert: ListedAlert): string {
  if (alert.reason !== null) return `held back, ${reasonText(alert.reason)}`;
  if (alert.deliveries.length === 0)
    return alert.imported
      ? 'raised, and not delivered when this log was imported: nothing is sent from it'
      : 'raised, not delivered yet';
  return alert.deliveries.map((one) => `${one.channel} ${one.status} (${one.detail})`).join('; ');
}

function deliveryBrief({ channel, status, detail }: ListedAlert['deliveries'][number]): string {
  return `${channel} ${status}${status === 'delivered' ? '' : ` (${detail})`}`;
}

/** The same within the width of a table; one that is not `wide` leaves the names of items and channels to "why". */
export function outcomeBrief(alert: ListedAlert, wide: boolean): string {
  const { reason, imported, deliveries, acknowledged } = alert;
  if (reason?.kind === 'copy' && wide) return `held back: copy of ${reason.of.slice(0, ID_CHARS_SHOWN)}`;
  if (reason !== null) return `held back: ${reason.kind}`;
  if (acknowledged !== null) return `seen${acknowledged.by === null ? '' : ` by ${acknowledged.by}`}`;
  if (deliveries.length === 0) return imported ? 'imported, never sent' : 'raised, not delivered yet';
  if (!wide && deliveries.every(({ status }) => status === 'delivered')) return 'delivered';
  return deliveries.map(deliveryBrief).join('; ');
}

/** Who acknowledged an alert and what they said, in words; null while nobody has. */
export function acknowledgedText({ acknowledged }: ListedAlert): string | null {
  if (acknowledged === null) return null;
  const { at, by, note } = acknowledged;
  return `acknowledged ${moment(at)}${by === null ? '' : ` by ${by}`}${note === '' ? '' : `: ${note}`}`;
}
