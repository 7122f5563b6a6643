import type { AlertMessage } from '../../src/alerts/channel.ts';
import { alertIdOf, eventIdOf, itemIdOf, publisherId, ruleId, subjectId } from '../../src/events/ids.ts';
import type { Tag } from '../../src/events/item.ts';
import type { RuleCondition, RuleDefinition } from '../../src/events/rule.ts';

export const ANY_CONDITION: RuleCondition = {
  all: [],
  any: [],
  none: [],
  salienceMin: 0,
  langs: [],
  publishers: [],
};

export function condition(change: {
  readonly all?: readonly string[];
  readonly any?: readonly string[];
  readonly none?: readonly string[];
  readonly salienceMin?: number;
  readonly langs?: readonly string[];
  readonly publishers?: readonly string[];
}): RuleCondition {
  return {
    all: (change.all ?? []).map(subjectId),
    any: (change.any ?? []).map(subjectId),
    none: (change.none ?? []).map(subjectId),
    salienceMin: change.salienceMin ?? 0,
    langs: change.langs ?? [],
    publishers: (change.publishers ?? []).map(publisherId),
  };
}

export function rule(id: string, when: RuleCondition, title = `Rule ${id}`): RuleDefinition {
  return { rule: ruleId(id), title, about: 'Is it so?', when, channels: ['console'] };
}

export function tag(id: string, salience = 0.5, surface = id): Tag {
  const mention = {
    start: 0,
    end: surface.length,
    surface,
    field: 'title' as const,
    alias: id,
    rule: 'test',
  };
  return { id: subjectId(id), kind: 'topic', salience, mentions: [mention] };
}

/** An alert about an item with this title, ready for a channel. */
export function message(title: string, change: Partial<AlertMessage['item']> = {}): AlertMessage {
  const item = itemIdOf(`message ${title}`);
  const alert = alertIdOf(ruleId('nara'), item);
  return {
    id: eventIdOf('AlertRaised', alert),
    alert,
    rule: { id: ruleId('nara'), version: 'v1', title: 'Nara again' },
    item: {
      id: item,
      title,
      url: 'https://wire.example/1',
      publisher: publisherId('wire'),
      lang: 'en',
      published: '2026-01-13T02:00:00.000Z',
      ...change,
    },
    matches: [{ subject: subjectId('nara'), salience: 0.9, surface: 'Nara' }],
    raisedAt: '2026-01-13T03:00:00.000Z',
  };
}
