import { eventIdOf, versionOf } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { EndCause } from '../events/feed.ts';
import { evolveRule } from '../events/rule.ts';
import type { RuleDefinition, RuleDefined, RuleEvent, RuleRetired, RuleState } from '../events/rule.ts';

/** A rule as the log knows it. */
export interface KnownRule {
  readonly state: RuleState;
  /** Of its stream. */
  readonly version: number;
  /** Whether a dossier listed it; rules that people added by hand are theirs to retire. */
  readonly listed: boolean;
  /** Who retired it; null while it is in force. */
  readonly retiredBy: EndCause | null;
  /** What it last said, in force or not; null before it has said anything. */
  readonly last: RuleDefinition | null;
}

export const UNKNOWN_RULE: KnownRule = {
  state: null,
  version: 0,
  listed: false,
  retiredBy: null,
  last: null,
};

/** One event further, the `version`th of the rule's stream. */
export function knownAfter(known: KnownRule, event: RuleEvent, version: number): KnownRule {
  const state = evolveRule(known.state, event);
  switch (event.type) {
    case 'RuleDefined': {
      const { definition, dossier } = event.data;
      return { state, version, listed: dossier !== null, retiredBy: null, last: definition };
    }
    case 'RuleRetired':
      return { ...known, state, version, retiredBy: event.data.cause };
  }
}

/** The version of a rule: a hash of everything it says, in this order, as the log keeps none. */
export function ruleVersionOf({ rule, title, about, query, channels }: RuleDefinition): string {
  return versionOf(JSON.stringify({ rule, title, about, query, channels }));
}

/** Whether the dossier has defined exactly this already. */
function stands({ state, listed }: KnownRule, version: string): boolean {
  return listed && state?.version === version;
}

/**
 * Brings the rules in the log to what the dossier lists: defines new and changed ones, takes over those that were added
 * by hand, retires those that are gone. A rule that was retired by hand stays so whatever the dossier says of it: a
 * person's word stands until a person takes it back (hand-rules.ts). Empty when nothing changed.
 */
export function decideRuleList(
  known: ReadonlyMap<RuleId, KnownRule>,
  listed: readonly RuleDefinition[],
  dossier: string,
  now: Date,
): readonly (RuleDefined | RuleRetired)[] {
  const events: (RuleDefined | RuleRetired)[] = [];
  for (const definition of listed) {
    const { rule } = definition;
    const version = ruleVersionOf(definition);
    const before = known.get(rule);
    if (before !== undefined && (before.retiredBy === 'hand' || stands(before, version))) continue;
    const id = eventIdOf('RuleDefined', rule, version, before?.version ?? 0);
    events.push({ type: 'RuleDefined', id, decidedAt: now, data: { rule, version, definition, dossier } });
  }
  const kept = new Set(listed.map((definition) => definition.rule));
  for (const [rule, { state, version, listed: wasListed }] of known) {
    if (state === null || !wasListed || kept.has(rule)) continue;
    const id = eventIdOf('RuleRetired', rule, version);
    const reason = `no longer in the dossier (version ${dossier})`;
    events.push({
      type: 'RuleRetired',
      id,
      decidedAt: now,
      data: { rule, version: state.version, cause: 'dossier', reason },
    });
  }
  return events;
}
