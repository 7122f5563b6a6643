import { decideRuleAdd, decideRuleRestore, decideRuleRetire } from '../alerts/hand-rules.ts';
import type { RuleDecision } from '../alerts/hand-rules.ts';
import type { KnownRule } from '../alerts/rule-list.ts';
import { ruleStream } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import type { Store } from '../store/store.ts';
import { readRules } from './rules.ts';
import { takeEffect } from './take-effect.ts';

/** Times to decide again when somebody else changed a rule meanwhile. */
const CONFLICT_RETRIES_MAX = 5;

export interface HandDeps {
  readonly store: Store;
  readonly now: () => Date;
}

type Decider = (known: KnownRule | undefined, rule: RuleId, now: Date) => RuleDecision;
export type RuleChanges = ReadonlyMap<RuleId, RuleDecision>;

async function changeRules(
  { store, now }: HandDeps,
  rules: readonly RuleId[],
  decide: Decider,
): Promise<RuleChanges> {
  const changes = new Map<RuleId, RuleDecision>();
  let left: readonly RuleId[] = [...new Set(rules)];
  for (let attempt = 0; attempt < CONFLICT_RETRIES_MAX; attempt++) {
    const known = await readRules(store.db);
    for (const rule of left) changes.set(rule, decide(known.get(rule), rule, now()));
    if ([...changes.values()].some(({ kind }) => kind === 'refused')) return changes;
    const commands = left.flatMap((rule) => {
      const decision = changes.get(rule);
      if (decision?.kind !== 'event') return [];
      return [{ stream: ruleStream(rule), expected: decision.expected, events: [decision.event] }];
    });
    const results = await store.append(commands, now());
    await takeEffect(store, results, ['rules'], now);
    const lost = new Set(results.filter(({ status }) => status === 'conflict').map(({ stream }) => stream));
    left = left.filter((rule) => lost.has(ruleStream(rule)));
    if (left.length === 0) return changes;
  }
  throw new Error(`${left.join(', ')} kept changing under our hands; try again`);
}

/** Adds rules by hand, all or none: where one is refused, nothing is appended. Safe to repeat. */
export async function addRules(
  deps: HandDeps,
  definitions: readonly RuleDefinition[],
  listed: readonly RuleDefinition[],
): Promise<RuleChanges> {
  const wanted = new Map(definitions.map((definition) => [definition.rule, definition]));
  const ofDossier = new Map(listed.map((definition) => [definition.rule, definition]));
  return await changeRules(deps, [...wanted.keys()], (known, rule, now) => {
    const definition = wanted.get(rule);
    if (definition === undefined) return { kind: 'refused', reason: `no rule ${rule}` };
    return decideRuleAdd(known, ofDossier.get(rule), definition, now);
  });
}

/** Retires rules by hand, all or none. Safe to repeat. */
export async function retireRules(
  deps: HandDeps,
  rules: readonly RuleId[],
  reason: string,
): Promise<RuleChanges> {
  return await changeRules(deps, rules, (known, rule, now) => decideRuleRetire(known, rule, reason, now));
}

/** Puts retired rules in force again, all or none. Safe to repeat. */
export async function restoreRules(deps: HandDeps, rules: readonly RuleId[]): Promise<RuleChanges> {
  return await changeRules(deps, rules, decideRuleRestore);
}
