import type { AlertMessage } from '../../src/alerts/channel.ts';
import {
  alertIdOf,
  eventIdOf,
  feedId,
  itemIdOf,
  publisherId,
  ruleId,
  subjectId,
} from '../../src/events/ids.ts';
import type { Tag } from '../../src/events/item.ts';
import { compileRule } from '../../src/alerts/match.ts';
import type { Matcher } from '../../src/alerts/match.ts';
import type { RuleDefinition } from '../../src/events/rule.ts';
import type { QueryItem } from '../../src/query/item.ts';
import { NOWHERE } from '../query/asking.ts';
import { NOON } from '../support/events.ts';

export function rule(id: string, query: string, title = `Rule ${id}`): RuleDefinition {
  return { rule: ruleId(id), title, about: 'Is it so?', query, channels: ['console'] };
}

/** A rule ready to judge. */
export function compiled(
  definition: RuleDefinition,
  version = 'v1',
): { readonly version: string; readonly definition: RuleDefinition; readonly match: Matcher } {
  return { version, definition, match: compileRule(definition, NOWHERE).match };
}

/** An item as a rule sees it. */
export function queryItem(change: Partial<QueryItem> = {}): QueryItem {
  return {
    feed: feedId('wire-en'),
    publisher: publisherId('wire'),
    url: null,
    lang: 'en',
    published: null,
    recordedAt: NOON,
    revision: 0,
    backfill: null,
    title: '',
    text: '',
    tags: [],
    relevance: null,
    event: null,
    ...change,
  };
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
