import type { EventType } from './event.ts';
import type { RuleDefined, RuleDefinition } from './rule.ts';

/** The version of each event's shape as written today, where it is not the first. */
const VERSIONS: Partial<Record<EventType, number>> = { RuleDefined: 2, RuleRetired: 2, FeedRemoved: 2 };

/** The version that events of this type are written in. */
export function schemaVersionOf(type: EventType): number {
  return VERSIONS[type] ?? 1;
}

/** How a rule of before the query language said when it fires. */
interface RuleCondition {
  readonly all: readonly string[];
  readonly any: readonly string[];
  readonly none: readonly string[];
  readonly salienceMin: number;
  readonly langs: readonly string[];
  readonly publishers: readonly string[];
}

type RuleDefinition1 = Omit<RuleDefinition, 'query'> & { readonly when: RuleCondition };

/** Names that the language reads as its own words when they stand bare: `lang:or` is Odia. */
const OPERATOR = /^(?:and|or|not|to)$/;
/** Decimals that a query takes. */
const DECIMALS_MAX = 9;

function name(id: string): string {
  return OPERATOR.test(id) ? `"${id}"` : id;
}

/** `>=0.1`, as plain decimals; empty where nothing is asked. */
function salienceOf(min: number): string {
  const decimals = min.toFixed(DECIMALS_MAX).replace(/\.?0+$/, '');
  return decimals === '0' ? '' : `>=${decimals}`;
}

/** One name after the field, or several in brackets, each with what follows it. */
function anyOf(field: string, ids: readonly string[], after = ''): string {
  const [first, ...rest] = ids.map(name);
  if (first === undefined) return '';
  return rest.length === 0
    ? `${field}:${first}${after}`
    : `${field}:(${[first, ...rest].join(' OR ')})${after}`;
}

/** The condition as a query of the same meaning. */
function queryOf({ all, any, none, salienceMin, langs, publishers }: RuleCondition): string {
  const salience = salienceOf(salienceMin);
  return [
    ...all.map((id) => `subject:${name(id)}${salience}`),
    anyOf('subject', any, salience),
    anyOf('lang', langs),
    anyOf('publisher', publishers),
    ...none.map((id) => `-subject:${name(id)}`),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

/** A rule's definition as it is today, of whatever version it was kept in. */
export function upcastRuleDefinition(kept: RuleDefinition | RuleDefinition1): RuleDefinition {
  if ('query' in kept) return kept;
  const { when, ...rest } = kept;
  return { ...rest, query: queryOf(when) };
}

/** What an event carried in version `from`, in the shape of today; null when this build does not know the version. */
export function upcast(type: EventType, from: number, data: object): object | null {
  if (from === schemaVersionOf(type)) return data;
  if (from !== 1) return null;
  // Before people could do so by hand, only a dossier ended anything.
  if (type === 'RuleRetired' || type === 'FeedRemoved') return { ...data, cause: 'dossier' };
  if (type !== 'RuleDefined') return null;
  // The log's door took only events in the shape of their version.
  const before = data as Omit<RuleDefined['data'], 'definition'> & { readonly definition: RuleDefinition1 };
  return { ...before, definition: upcastRuleDefinition(before.definition) };
}
