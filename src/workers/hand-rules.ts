import { decideRuleAdd, decideRuleRestore, decideRuleRetire } from '../alerts/hand-rules.ts';
import type { RuleDecision } from '../alerts/hand-rules.ts';
import type { KnownRule } from '../alerts/rule-list.ts';
import { ruleStream } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { RuleDefinition } from '../events/rule.ts';
import { refuseUnfinished } from '../store/importing.ts';
import { decideAgain, HalfChanged, lostStreams } from './decide-again.ts';
import type { HandDeps } from './decide-again.ts';
import { readRules } from './rules.ts';
import { takeEffect } from './take-effect.ts';

type Decider = (known: KnownRule | undefined, rule: RuleId, now: Date) => RuleDecision;
export type RuleChanges = ReadonlyMap<RuleId, RuleDecision>;

/** All or none: where one is refused, nothing is appended; throws HalfChanged where others were appended before it. */
async function changeRules(
  { store, now }: HandDeps,
  rules: readonly RuleId[],
  decide: Decider,
): Promise<RuleChanges> {
  await refuseUnfinished(store.db);
  const changes = new Map<RuleId, RuleDecision>();
  const done: RuleId[] = [];
  const once = async (left: readonly RuleId[]): Promise<readonly RuleId[]> => {
    const known = await readRules(store.db);
    const decided = left.map((rule) => [rule, decide(known.get(rule), rule, now())] as const);
    for (const [rule, decision] of decided) changes.set(rule, decision);
    const refusals = decided.flatMap(([, one]) => (one.kind === 'refused' ? [one.reason] : []));
    if (refusals.length > 0 && done.length > 0) throw new HalfChanged(done, refusals);
    if (refusals.length > 0) return [];
    const commands = decided.flatMap(([rule, decision]) =>
      decision.kind === 'event'
        ? [{ stream: ruleStream(rule), expected: decision.expected, events: [decision.event] }]
        : [],
    );
    const results = await store.append(commands, now());
    await takeEffect(store, results, ['rules'], now);
    const lost = lostStreams(results);
    const again = left.filter((rule) => lost.has(ruleStream(rule)));
    done.push(
      ...decided.flatMap(([rule, { kind }]) => (kind === 'event' && !again.includes(rule) ? [rule] : [])),
    );
    return again;
  };
  await decideAgain([...new Set(rules)], once, String);
  return changes;
}

/** Adds rules by hand, all or none. Safe to repeat. */
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
