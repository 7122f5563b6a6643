import type { AlertRaised, AlertSuppressed, SuppressionReason } from '../events/alert.ts';
import { alertIdOf, eventIdOf } from '../events/ids.ts';
import type { AlertId, ItemId, PublisherId, RuleId } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { RuleDefinition } from '../events/rule.ts';
import { matchRule } from './match.ts';

/** For how long a rule keeps silent about copies of what it has spoken about. */
export const COPY_WINDOW_HOURS = 72;
const HOUR_MS = 3_600_000;

/** What a rule has spoken about, so that it does not say the same thing twice. */
export interface Spoken {
  readonly rule: RuleId;
  readonly copyKey: string;
  readonly item: ItemId;
  readonly alert: AlertId;
  readonly recordedAt: Date;
}

export interface TaggedItem {
  readonly tagged: ItemTagged['data'];
  readonly publisher: PublisherId | null;
  /** When the log got the tags: the clock of the copy window. */
  readonly recordedAt: Date;
}

export interface Decision {
  readonly event: AlertRaised | AlertSuppressed;
  /** To be remembered; null where an earlier word stands. */
  readonly spoken: Spoken | null;
}

function suppression(
  { tagged, recordedAt }: TaggedItem,
  earlier: Spoken | undefined,
): SuppressionReason | null {
  if (tagged.cause === 'retagged') return { kind: 'retagged' };
  if (tagged.backfill !== null) return { kind: 'backfill', backfill: tagged.backfill };
  // A headline too short to tell one story from another has no key, and nothing is its copy.
  if (tagged.copyKey === '' || earlier === undefined || earlier.item === tagged.item) return null;
  const age = recordedAt.getTime() - earlier.recordedAt.getTime();
  return age <= COPY_WINDOW_HOURS * HOUR_MS ? { kind: 'copy', of: earlier.item, alert: earlier.alert } : null;
}

/**
 * What one rule says about one tagged item: an alert, an alert held back with the reason, or null when it does not
 * match. The ids of alert and event follow from rule and item alone, so a rule decides once about an item: whoever
 * appends expects an empty stream, and a second word meets a conflict.
 */
export function decideAlert(
  rule: { readonly version: string; readonly definition: RuleDefinition },
  item: TaggedItem,
  earlier: Spoken | undefined,
): Decision | null {
  const { definition } = rule;
  const { tagged } = item;
  const matches = matchRule(definition.when, { ...tagged, publisher: item.publisher });
  if (matches === null) return null;

  const alert = alertIdOf(definition.rule, tagged.item);
  const ground = {
    alert,
    rule: definition.rule,
    ruleVersion: rule.version,
    item: tagged.item,
    content: tagged.content,
    matches,
  };
  const decidedAt = item.recordedAt;
  const spoken =
    tagged.copyKey === ''
      ? null
      : {
          rule: definition.rule,
          copyKey: tagged.copyKey,
          item: tagged.item,
          alert,
          recordedAt: decidedAt,
        };
  const reason = suppression(item, earlier);
  if (reason === null) {
    const id = eventIdOf('AlertRaised', alert);
    return {
      event: { type: 'AlertRaised', id, decidedAt, data: { ...ground, channels: definition.channels } },
      spoken,
    };
  }
  const id = eventIdOf('AlertSuppressed', alert);
  return {
    event: { type: 'AlertSuppressed', id, decidedAt, data: { ...ground, reason } },
    spoken: reason.kind === 'copy' ? null : spoken,
  };
}
