import { eventIdOf, versionOf } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { RuleDefinition, RuleDefined, RuleRetired, RuleState } from '../events/rule.ts';

/** A rule as the log knows it. */
export interface KnownRule {
  readonly state: RuleState;
  /** Of its stream. */
  readonly version: number;
  /** Whether a dossier listed it; rules that people added by hand are theirs to retire. */
  readonly listed: boolean;
}

/** The version of a rule: a hash of everything it says. */
export function ruleVersionOf(definition: RuleDefinition): string {
  return versionOf(JSON.stringify(definition));
}

/**
 * Brings the rules in the log to what the dossier lists: defines new and changed ones, retires those that are gone.
 * Empty when nothing changed.
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
    if (before?.state?.version === version) continue;
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
      data: { rule, version: state.version, reason },
    });
  }
  return events;
}
