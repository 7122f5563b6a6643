import { knownAfter, UNKNOWN_RULE } from '../alerts/rule-list.ts';
import type { KnownRule } from '../alerts/rule-list.ts';
import { ruleId } from '../events/ids.ts';
import type { RuleId } from '../events/ids.ts';
import type { Db } from '../store/database.ts';
import { readStreams, streamsLike } from '../store/read.ts';

const RULE_STREAM = 'rule-';

/** Every rule the log knows, in force or retired. */
export async function readRules(db: Db): Promise<Map<RuleId, KnownRule>> {
  const rules = new Map<RuleId, KnownRule>();
  for (const [stream, events] of await readStreams(db, await streamsLike(db, RULE_STREAM))) {
    let known = UNKNOWN_RULE;
    for (const event of events) {
      if (event.type !== 'RuleDefined' && event.type !== 'RuleRetired') continue;
      known = knownAfter(known, event, event.version);
    }
    rules.set(ruleId(stream.slice(RULE_STREAM.length)), known);
  }
  return rules;
}
