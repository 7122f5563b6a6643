import { eventIdOf } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { RuleDefined, RuleDefinition, RuleRetired } from '../events/rule.ts';
import { ruleVersionOf, UNKNOWN_RULE } from './rule-list.ts';
import type { KnownRule } from './rule-list.ts';

/** What a person's word about a rule comes to. */
export type RuleDecision =
  | {
      readonly kind: 'event';
      /** What it is for the rule: new, other words than before, in force again, in force no more. */
      readonly change: 'added' | 'changed' | 'restored' | 'retired';
      /** The version of its stream that this was decided on. */
      readonly expected: number;
      readonly event: RuleDefined | RuleRetired;
    }
  /** It is so already; the words say what. */
  | { readonly kind: 'already'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

function defined(
  { version: expected }: KnownRule,
  definition: RuleDefinition,
  change: 'added' | 'changed' | 'restored',
  now: Date,
): RuleDecision {
  const { rule } = definition;
  const version = ruleVersionOf(definition);
  const id = eventIdOf('RuleDefined', rule, version, expected);
  const data = { rule, version, definition, dossier: null };
  return { kind: 'event', change, expected, event: { type: 'RuleDefined', id, decidedAt: now, data } };
}

/**
 * What adding a rule by hand comes to, where the dossier lists `listed` under the same id or nothing. A rule of the
 * dossier is changed in the dossier, whose words would come back at the next start; retired by hand it can be added back
 * in those words.
 */
export function decideRuleAdd(
  known: KnownRule = UNKNOWN_RULE,
  listed: RuleDefinition | undefined,
  definition: RuleDefinition,
  now: Date,
): RuleDecision {
  const { rule } = definition;
  const version = ruleVersionOf(definition);
  if (known.state?.version === version) return { kind: 'already', reason: `${rule} is in force already` };
  if (listed !== undefined && ruleVersionOf(listed) !== version) {
    const reason = `${rule} is a rule of the dossier: change it in its rules.yaml, or add this one under another id`;
    return { kind: 'refused', reason };
  }
  if (known.version === 0) return defined(known, definition, 'added', now);
  return defined(known, definition, known.state === null ? 'restored' : 'changed', now);
}

/** In force no more, whatever the dossier lists, until a person adds or restores it. */
export function decideRuleRetire(
  known: KnownRule = UNKNOWN_RULE,
  rule: RuleId,
  reason: string,
  now: Date,
): RuleDecision {
  const { state, version: expected } = known;
  if (expected === 0) return { kind: 'refused', reason: `no rule ${rule} in the log` };
  if (state === null) return { kind: 'already', reason: `${rule} is retired already` };
  const id = eventIdOf('RuleRetired', rule, expected);
  const data = { rule, version: state.version, cause: 'hand', reason } as const;
  const event: RuleRetired = { type: 'RuleRetired', id, decidedAt: now, data };
  return { kind: 'event', change: 'retired', expected, event };
}

/** In force again, in the words it had last. */
export function decideRuleRestore(known: KnownRule = UNKNOWN_RULE, rule: RuleId, now: Date): RuleDecision {
  if (known.last === null) return { kind: 'refused', reason: `no rule ${rule} in the log` };
  if (known.state !== null) return { kind: 'already', reason: `${rule} is in force` };
  return defined(known, known.last, 'restored', now);
}
