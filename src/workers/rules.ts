import { knownAfter, UNKNOWN_RULE } from '../alerts/rule-list.ts';
import type { KnownRule } from '../alerts/rule-list.ts';
import { ruleId } from '../events/ids.ts';
import type { Position, RuleId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';
import { readStreams, streamsLike } from '../store/read.ts';

const RULE_STREAM = 'rule-';

/** Every rule the log knows, or knew at the position `at`, in force or retired. */
export async function readRules(db: Db, at: Position | null = null): Promise<Map<RuleId, KnownRule>> {
  const rules = new Map<RuleId, KnownRule>();
  for (const [stream, events] of await readStreams(db, await streamsLike(db, RULE_STREAM))) {
    let known = UNKNOWN_RULE;
    for (const event of events) {
      if (event.type !== 'RuleDefined' && event.type !== 'RuleRetired') continue;
      if (at !== null && event.position > at) break;
      known = knownAfter(known, event, event.version);
    }
    if (known !== UNKNOWN_RULE) rules.set(ruleId(stream.slice(RULE_STREAM.length)), known);
  }
  return rules;
}
