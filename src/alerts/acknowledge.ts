import type { AlertAcknowledged, AlertEvent } from '../events/alert.ts';
import { eventIdOf } from '../events/ids.ts';
import type { AlertId } from '../events/ids.ts';

/** Characters of a note, and of the name of who says so. */
export const NOTE_CHARS_MAX = 2_000;
export const NAME_CHARS_MAX = 200;

export interface Acknowledging {
  readonly by: string | null;
  readonly note: string;
}

export type AckDecision =
  | { readonly kind: 'event'; readonly event: AlertAcknowledged }
  /** Somebody has acknowledged it before. */
  | { readonly kind: 'already'; readonly by: string | null; readonly at: Date }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * What acknowledging an alert adds to its stream. Once is enough: the id of the event follows from the alert alone, so
 * that of two people who do it at once the first is remembered.
 */
export function decideAcknowledge(
  alert: AlertId,
  stream: readonly AlertEvent[],
  { by, note }: Acknowledging,
  now: Date,
): AckDecision {
  const [first] = stream;
  if (first === undefined) return { kind: 'refused', reason: `no alert ${alert} in the log` };
  if (first.type === 'AlertSuppressed') {
    const reason = `${alert} was held back (${first.data.reason.kind}): nobody was told, so there is nothing to acknowledge`;
    return { kind: 'refused', reason };
  }
  const earlier = stream.find((event) => event.type === 'AlertAcknowledged');
  if (earlier?.type === 'AlertAcknowledged') {
    return { kind: 'already', by: earlier.data.by, at: earlier.decidedAt };
  }
  const id = eventIdOf('AlertAcknowledged', alert);
  return {
    kind: 'event',
    event: { type: 'AlertAcknowledged', id, decidedAt: now, data: { alert, by, note } },
  };
}
