import type { RuleId } from './ids.ts';
import type { RuleDefinition } from './rule.ts';

/** How a rule of before the query language said when it fires. */
interface RuleCondition {
  /** Each of these subjects must be tagged. */
  readonly all: readonly string[];
  /** One of these must be tagged; empty asks for nothing. */
  readonly any: readonly string[];
  readonly none: readonly string[];
  /** 0..1: how salient those of `all` and `any` must be at least. */
  readonly salienceMin: number;
  /** BCP 47 primary subtags; empty means any language. */
  readonly langs: readonly string[];
  /** Empty means any publisher. */
  readonly publishers: readonly string[];
}

interface RuleDefinition1 {
  readonly rule: RuleId;
  readonly title: string;
  readonly about: string;
  readonly when: RuleCondition;
  readonly channels: readonly string[];
}

/** What RuleDefined carried in its first version. */
export interface RuleDefined1 {
  readonly rule: RuleId;
  readonly version: string;
  readonly definition: RuleDefinition1;
  readonly dossier: string | null;
}

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

/** A rule's definition as it is today, whether it was kept with a condition or with a query. */
export function upcastRuleDefinition(kept: RuleDefinition | RuleDefinition1): RuleDefinition {
  if ('query' in kept) return kept;
  const { when, ...rest } = kept;
  return { ...rest, query: queryOf(when) };
}
