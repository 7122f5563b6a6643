import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decideRuleList, knownAfter, ruleVersionOf, UNKNOWN_RULE } from '../../src/alerts/rule-list.ts';
import type { KnownRule } from '../../src/alerts/rule-list.ts';
import type { RuleId } from '../../src/events/ids.ts';
import type { RuleDefined, RuleDefinition, RuleRetired } from '../../src/events/rule.ts';
import { NOON } from '../support/events.ts';
import { rule } from './support.ts';

type Known = ReadonlyMap<RuleId, KnownRule>;
const NOTHING: Known = new Map();
const nara = rule('nara', 'subject:nara');
const taiwan = rule('taiwan', 'subject:taiwan');

/** What the log would know after `events`. */
function after(known: Known, events: readonly (RuleDefined | RuleRetired)[]): Known {
  const next = new Map(known);
  for (const event of events) {
    const before = next.get(event.data.rule) ?? UNKNOWN_RULE;
    next.set(event.data.rule, knownAfter(before, event, before.version + 1));
  }
  return next;
}

function decide(known: Known, listed: readonly RuleDefinition[]): readonly (RuleDefined | RuleRetired)[] {
  return decideRuleList(known, listed, 'd1', NOON);
}

describe('decideRuleList', () => {
  test('defines what the log does not know, with its version and its dossier', () => {
    expect(decide(NOTHING, [nara])).toMatchObject([
      {
        type: 'RuleDefined',
        decidedAt: NOON,
        data: { rule: 'nara', version: ruleVersionOf(nara), definition: nara, dossier: 'd1' },
      },
    ]);
  });

  test('leaves alone what has not changed, though the dossier around it has', () => {
    const known = after(NOTHING, decide(NOTHING, [nara, taiwan]));
    expect(decideRuleList(known, [taiwan, nara], 'd2', NOON)).toEqual([]);
  });

  test('defines a changed rule anew, and no other', () => {
    const known = after(NOTHING, decide(NOTHING, [nara, taiwan]));
    const changed = { ...nara, title: 'Nara, once more' };
    expect(decide(known, [changed, taiwan])).toMatchObject([
      { type: 'RuleDefined', data: { rule: 'nara', version: ruleVersionOf(changed) } },
    ]);
  });

  test('retires a rule that is gone, names the version that ends, and does so once', () => {
    const known = after(NOTHING, decide(NOTHING, [nara, taiwan]));
    const events = decide(known, [nara]);
    expect(events).toMatchObject([
      { type: 'RuleRetired', data: { rule: 'taiwan', version: ruleVersionOf(taiwan) } },
    ]);
    expect(decide(after(known, events), [nara])).toEqual([]);
  });

  test('leaves rules that people added by hand in force', () => {
    const byHand = decide(NOTHING, [nara]).map((event) => ({
      ...event,
      data: { ...event.data, dossier: null },
    }));
    const known = after(NOTHING, byHand as RuleDefined[]);
    expect(decide(known, [])).toEqual([]);
  });

  test('a rule that comes back, or goes back to older words, gets an event of its own', () => {
    const steps = [[nara], [], [nara], [{ ...nara, title: 'Other' }], [nara], []];
    let known = NOTHING;
    const ids: string[] = [];
    for (const listed of steps) {
      const events = decide(known, listed);
      expect(events).toHaveLength(1);
      ids.push(...events.map((event) => event.id));
      known = after(known, events);
    }
    expect(new Set(ids).size).toBe(steps.length);
  });

  test('two processes that decide on the same log decide the same events', () => {
    const known = after(NOTHING, decide(NOTHING, [nara]));
    expect(decide(known, [taiwan])).toEqual(decide(known, [taiwan]));
  });

  test('fed back its own result it has nothing left to do, and what is in force is what is listed', () => {
    const definitions = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('a', 'b', 'c', 'd'),
        title: fc.constantFrom('one', 'two'),
      }),
      { selector: (one) => one.id },
    );
    fc.assert(
      fc.property(fc.array(definitions, { maxLength: 6 }), (lists) => {
        let known = NOTHING;
        for (const drawn of lists) {
          const listed = drawn.map(({ id, title }) => rule(id, nara.query, title));
          known = after(known, decide(known, listed));
          expect(decide(known, listed)).toEqual([]);
          const inForce = [...known].flatMap(([, { state }]) => (state === null ? [] : [state.definition]));
          expect(new Set(inForce)).toEqual(new Set(listed));
        }
      }),
    );
  });
});
