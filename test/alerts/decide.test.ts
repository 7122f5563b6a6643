import { describe, expect, test } from 'vitest';
import { COPY_WINDOW_HOURS, decideAlert } from '../../src/alerts/decide.ts';
import type { TaggedItem } from '../../src/alerts/decide.ts';
import type { ItemTagged } from '../../src/events/item.ts';
import type { SpokenAbout } from '../../src/store/rule-book.ts';
import { itemOf, NOON, tagged } from '../support/events.ts';
import { compiled, queryItem, rule } from './support.ts';

const HOUR_MS = 3_600_000;
const NARA = compiled(rule('nara', 'subject:nara'));

function item(name: string, change: Partial<ItemTagged['data']> = {}, at = NOON): TaggedItem {
  const event = tagged(name, ['nara'], change);
  return {
    id: event.id,
    tagged: event.data,
    item: queryItem({
      tags: event.data.tags.map((tag) => ({ ...tag, surface: tag.mentions[0]?.surface ?? '' })),
      backfill: event.data.backfill,
    }),
    recordedAt: at,
  };
}

/** What the rule remembers after it has decided about an item. */
function spokenOf(name: string, at = NOON): SpokenAbout {
  const spoken = decideAlert(NARA, item(name, { copyKey: 'one text' }, at), undefined, NOON)?.spoken;
  if (!spoken) throw new Error('the rule keeps nothing in mind');
  return spoken;
}

function later(hours: number, ms = 0): Date {
  return new Date(NOON.getTime() + hours * HOUR_MS + ms);
}

describe('decideAlert', () => {
  test('an item that does not match gives nothing at all', () => {
    const other = compiled(rule('taiwan', 'subject:taiwan'));
    expect(decideAlert(other, item('quiet'), undefined, NOON)).toBeNull();
  });

  test('a new item raises an alert on the channels of the rule, with version, words and reasons', () => {
    const decision = decideAlert(NARA, item('new'), undefined, NOON);
    expect(decision?.event).toMatchObject({
      type: 'AlertRaised',
      decidedAt: NOON,
      data: {
        rule: 'nara',
        ruleVersion: 'v1',
        item: itemOf('new'),
        channels: ['console'],
        matches: [{ subject: 'nara', surface: 'Nara' }],
      },
    });
    expect(decision?.spoken).toMatchObject({ rule: 'nara', item: itemOf('new'), said: 'raised', at: NOON });
  });

  test.each(['archive', 'first-poll'] as const)(
    'an item of a backfill (%s) is held back for it',
    (backfill) => {
      const decision = decideAlert(NARA, item('old', { backfill }), undefined, NOON);
      expect(decision?.event).toMatchObject({
        type: 'AlertSuppressed',
        data: { reason: { kind: 'backfill', backfill } },
      });
      expect(decision?.event.data).not.toHaveProperty('channels');
    },
  );

  test('words that were only tagged anew are held back, a backfill among them too', () => {
    for (const backfill of [null, 'archive'] as const) {
      const decision = decideAlert(NARA, item('again', { cause: 'retagged', backfill }), undefined, NOON);
      expect(decision?.event).toMatchObject({
        type: 'AlertSuppressed',
        data: { reason: { kind: 'retagged' } },
      });
    }
  });

  test('a revision that matches raises like a new item', () => {
    expect(decideAlert(NARA, item('revised', { cause: 'revised' }), undefined, NOON)?.event.type).toBe(
      'AlertRaised',
    );
  });

  test('a copy is held back, names what it is a copy of, and does not take its place', () => {
    const first = spokenOf('first');
    const decision = decideAlert(NARA, item('copy', { copyKey: 'one text' }, later(1)), first, NOON);
    expect(decision?.event).toMatchObject({
      type: 'AlertSuppressed',
      data: { item: itemOf('copy'), reason: { kind: 'copy', of: itemOf('first'), alert: first.alert } },
    });
    expect(decision?.spoken).toBeNull();
  });

  test(`a copy counts as one up to ${COPY_WINDOW_HOURS} hours, and a millisecond later as news`, () => {
    const first = spokenOf('first');
    const at = (when: Date): string | undefined =>
      decideAlert(NARA, item('copy', { copyKey: 'one text' }, when), first, NOON)?.event.type;
    expect(at(later(COPY_WINDOW_HOURS))).toBe('AlertSuppressed');
    expect(at(later(COPY_WINDOW_HOURS, 1))).toBe('AlertRaised');
  });

  test('after the window the newer item is what copies are measured by', () => {
    const decision = decideAlert(
      NARA,
      item('copy', {}, later(COPY_WINDOW_HOURS, 1)),
      spokenOf('first'),
      NOON,
    );
    expect(decision?.spoken).toMatchObject({ item: itemOf('copy'), at: later(COPY_WINDOW_HOURS, 1) });
  });

  test('an item is no copy of itself', () => {
    const decision = decideAlert(
      NARA,
      item('first', { cause: 'revised' }, later(1)),
      spokenOf('first'),
      NOON,
    );
    expect(decision?.event.type).toBe('AlertRaised');
  });

  test('what was held back as backfill still counts as spoken, so that its copies stay silent too', () => {
    const old = decideAlert(NARA, item('old', { backfill: 'first-poll' }), undefined, NOON);
    expect(old?.spoken?.item).toBe(itemOf('old'));
    const copy = decideAlert(NARA, item('copy', {}, later(2)), old?.spoken ?? undefined, NOON);
    expect(copy?.event).toMatchObject({
      data: { reason: { kind: 'copy', of: itemOf('old'), said: 'backfill' } },
    });
  });

  test('an old story that an archive brings hushes no new one: its window begins when it was published', () => {
    const archived = item('old', { backfill: 'archive' });
    const published = later(-COPY_WINDOW_HOURS - 1);
    const before = { ...archived, item: { ...archived.item, published } };
    const old = decideAlert(NARA, before, undefined, NOON);
    const fresh = decideAlert(NARA, item('fresh', {}, later(1)), old?.spoken ?? undefined, NOON);
    expect(fresh?.event.type).toBe('AlertRaised');
  });

  test('an old copy that an archive brings later takes no word away: the next copy is one still', () => {
    const first = spokenOf('first');
    const archived = item('old', { backfill: 'archive', copyKey: 'one text' }, later(1));
    const before = { ...archived, item: { ...archived.item, published: later(-120) } };
    expect(decideAlert(NARA, before, first, NOON)).toMatchObject({
      event: { type: 'AlertSuppressed' },
      spoken: null,
    });
    const next = decideAlert(NARA, item('next', { copyKey: 'one text' }, later(2)), first, NOON);
    expect(next?.event).toMatchObject({ data: { reason: { kind: 'copy', of: itemOf('first') } } });
  });

  test('a headline too short to have a copy key is nobody’s copy, and nobody is its', () => {
    const short = decideAlert(NARA, item('short', { copyKey: '' }), spokenOf('first'), NOON);
    expect(short?.event.type).toBe('AlertRaised');
    expect(short?.spoken).toBeNull();
  });

  test('a retagging leaves nothing to remember', () => {
    expect(decideAlert(NARA, item('again', { cause: 'retagged' }), undefined, NOON)?.spoken).toBeNull();
  });

  test('the same decision twice is the same event, and has one alert whatever became of it', () => {
    const once = decideAlert(NARA, item('twice'), undefined, NOON);
    const again = decideAlert(NARA, item('twice'), undefined, NOON);
    expect(again).toEqual(once);
    const held = decideAlert(NARA, item('twice', { backfill: 'archive' }, later(5)), undefined, NOON);
    expect(held?.event.data.alert).toBe(once?.event.data.alert);
    expect(held?.event.id).not.toBe(once?.event.id);
  });

  test('another rule, or another item, is another alert', () => {
    const other = compiled(rule('nara-two', NARA.definition.query));
    const ids = [
      decideAlert(NARA, item('a'), undefined, NOON),
      decideAlert(NARA, item('b'), undefined, NOON),
      decideAlert(other, item('a'), undefined, NOON),
    ].map((decision) => decision?.event.data.alert);
    expect(new Set(ids).size).toBe(3);
  });
});
