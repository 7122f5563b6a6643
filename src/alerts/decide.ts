import type { AlertRaised, AlertSuppressed, SuppressionReason } from '../events/alert.ts';
import { alertIdOf, eventIdOf } from '../events/ids.ts';
import type { AlertId, EventId, RuleId } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { SpokenAbout } from '../store/rule-book.ts';
import type { QueryItem } from '../query/item.ts';
import type { Matcher } from './match.ts';

/** For how long a rule keeps silent about copies of what it has spoken about. */
export const COPY_WINDOW_HOURS = 72;
const HOUR_MS = 3_600_000;

export interface TaggedItem {
  /** Of the ItemTagged. */
  readonly id: EventId;
  readonly tagged: ItemTagged['data'];
  /** What the rule is asked of. */
  readonly item: QueryItem;
  /** When the log got the tags. */
  readonly recordedAt: Date;
}

export interface Decision {
  readonly event: AlertRaised | AlertSuppressed;
  /** To be remembered; null where there is nothing to remember or an earlier word stands. */
  readonly spoken: SpokenAbout | null;
}

/** When an item became known: for a backfill as far back as its source says, or an old story would hush a new one. */
function knownSince({ tagged, item: { published }, recordedAt }: TaggedItem): Date {
  if (tagged.backfill === null || published === null) return recordedAt;
  return published < recordedAt ? published : recordedAt;
}

function suppression(item: TaggedItem, earlier: SpokenAbout | undefined): SuppressionReason | null {
  const { tagged, recordedAt } = item;
  if (tagged.cause === 'retagged') return { kind: 'retagged' };
  if (tagged.backfill !== null) return { kind: 'backfill', backfill: tagged.backfill };
  // A headline too short to tell one story from another has no key, and nothing is its copy.
  if (tagged.copyKey === '' || earlier === undefined || earlier.item === tagged.item) return null;
  if (recordedAt.getTime() - earlier.at.getTime() > COPY_WINDOW_HOURS * HOUR_MS) return null;
  const { item: of, alert, said } = earlier;
  return { kind: 'copy', of, alert, said, copyKey: tagged.copyKey, windowHours: COPY_WINDOW_HOURS };
}

/**
 * What a decision leaves to remember. A retagging says nothing to anybody, a copy points to the word before it, and what is
 * known from a backfill takes no later word's place: its copies would be news again.
 */
function spokenBy(
  { tagged, ...item }: TaggedItem,
  rule: RuleId,
  alert: AlertId,
  {
    reason,
    earlier,
  }: { readonly reason: SuppressionReason | null; readonly earlier: SpokenAbout | undefined },
): SpokenAbout | null {
  if (tagged.copyKey === '' || (reason !== null && reason.kind !== 'backfill')) return null;
  const at = knownSince({ tagged, ...item });
  if (reason !== null && earlier !== undefined && earlier.at >= at) return null;
  const said = reason === null ? 'raised' : 'backfill';
  return {
    rule,
    copyKey: tagged.copyKey,
    item: tagged.item,
    alert,
    said,
    at,
  };
}

/**
 * What one rule says about one tagged item: an alert, an alert held back with the reason, or null when it does not
 * match. The ids of alert and event follow from rule and item alone, so a rule decides about an item once: whoever
 * appends expects an empty stream, and a second word meets a conflict.
 */
export function decideAlert(
  rule: { readonly version: string; readonly definition: RuleDefinition; readonly match: Matcher },
  item: TaggedItem,
  earlier: SpokenAbout | undefined,
  now: Date,
): Decision | null {
  const { definition } = rule;
  const { tagged } = item;
  const matches = rule.match(item.item, item.recordedAt);
  if (matches === null) return null;

  const alert = alertIdOf(definition.rule, tagged.item);
  const { content, dossier, tagger } = tagged;
  const made = { content, tagged: item.id, dossier, tagger, matches };
  const ground = { alert, rule: definition.rule, ruleVersion: rule.version, item: tagged.item, ...made };
  const reason = suppression(item, earlier);
  const spoken = spokenBy(item, definition.rule, alert, { reason, earlier });
  const base = { decidedAt: now };
  if (reason === null) {
    const data = { ...ground, channels: definition.channels };
    return { event: { ...base, type: 'AlertRaised', id: eventIdOf('AlertRaised', alert), data }, spoken };
  }
  const id = eventIdOf('AlertSuppressed', alert);
  return { event: { ...base, type: 'AlertSuppressed', id, data: { ...ground, reason } }, spoken };
}
