import { describe, expect, test } from 'vitest';
import { decideRuleAdd, decideRuleRestore, decideRuleRetire } from '../../src/alerts/hand-rules.ts';
import type { RuleDecision } from '../../src/alerts/hand-rules.ts';
import { decideRuleList, knownAfter, UNKNOWN_RULE } from '../../src/alerts/rule-list.ts';
import type { KnownRule } from '../../src/alerts/rule-list.ts';
import type { RuleDefinition } from '../../src/events/rule.ts';
import { NOON } from '../support/events.ts';
import { rule } from './support.ts';

const nara = rule('nara', 'subject:nara');
const reworded = { ...nara, title: 'Nara, in other words' };

function after(known: KnownRule, decision: RuleDecision): KnownRule {
  return decision.kind === 'event' ? knownAfter(known, decision.event, known.version + 1) : known;
}

/** The rule after a start with a dossier that lists these. */
function started(known: KnownRule, listed: readonly RuleDefinition[]): KnownRule {
  const events = decideRuleList(new Map([[nara.rule, known]]), listed, 'd1', NOON);
  return events.reduce((state, event) => knownAfter(state, event, state.version + 1), known);
}

const retire = (known: KnownRule): KnownRule =>
  after(known, decideRuleRetire(known, nara.rule, 'noisy', NOON));
const restore = (known: KnownRule): KnownRule => after(known, decideRuleRestore(known, nara.rule, NOON));
const add = (known: KnownRule, definition = nara): KnownRule =>
  after(known, decideRuleAdd(known, undefined, definition, NOON));

const listed = started(UNKNOWN_RULE, [nara]);

describe('a rule of the dossier', () => {
  test('that was retired by hand stays so at the next start, whatever words the dossier has for it', () => {
    const retired = retire(listed);
    expect(started(retired, [nara])).toBe(retired);
    expect(started(retired, [reworded])).toBe(retired);
    expect(started(retired, [])).toBe(retired);
  });

  test('is restored in its last words, and then is the dossier’s again, to reword and to end', () => {
    const restored = restore(retire(listed));
    expect(restored.state?.definition).toEqual(nara);
    const taken = started(restored, [reworded]);
    expect(taken).toMatchObject({ listed: true, state: { definition: reworded } });
    expect(started(restored, [nara]).listed).toBe(true);
    expect(started(started(restored, [nara]), [])).toMatchObject({ state: null, retiredBy: 'dossier' });
  });

  test('is not reworded by hand, as the next start would undo it', () => {
    expect(decideRuleAdd(listed, nara, reworded, NOON)).toMatchObject({ kind: 'refused' });
    expect(decideRuleAdd(undefined, nara, reworded, NOON)).toMatchObject({ kind: 'refused' });
    expect(decideRuleAdd(retire(listed), nara, nara, NOON)).toMatchObject({ change: 'restored' });
  });
});

describe('a rule added by hand', () => {
  test('is kept by a dossier that does not list it, and reworded by hand', () => {
    const added = add(UNKNOWN_RULE);
    expect(started(added, [])).toBe(added);
    expect(decideRuleAdd(added, undefined, reworded, NOON)).toMatchObject({ change: 'changed' });
    expect(add(added, reworded).state?.definition).toEqual(reworded);
  });

  test('each word said twice changes nothing, each said anew is another event', () => {
    const added = add(UNKNOWN_RULE);
    expect(decideRuleAdd(added, undefined, nara, NOON).kind).toBe('already');
    expect(decideRuleRestore(added, nara.rule, NOON).kind).toBe('already');
    const retired = retire(added);
    expect(decideRuleRetire(retired, nara.rule, 'again', NOON).kind).toBe('already');
    const twice = decideRuleRetire(restore(retired), nara.rule, 'noisy', NOON);
    const once = decideRuleRetire(added, nara.rule, 'noisy', NOON);
    if (once.kind !== 'event' || twice.kind !== 'event') throw new Error('both retire');
    expect(once.event.id).not.toBe(twice.event.id);
  });

  test('what was never there is refused by name', () => {
    expect(decideRuleRetire(undefined, nara.rule, '', NOON)).toMatchObject({
      kind: 'refused',
      reason: 'no rule nara in the log',
    });
    expect(decideRuleRestore(undefined, nara.rule, NOON).kind).toBe('refused');
  });
});
