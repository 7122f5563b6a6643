import type { EventShape } from './shape.ts';
import type { PublisherId, RuleId, SubjectId } from './ids.ts';

/** When an item fires the rule. Every list that is given must hold; within `any` one is enough. */
export interface RuleCondition {
  /** Each of these must be tagged. */
  readonly all: readonly SubjectId[];
  /** At least one of these must be tagged; empty means no such demand. */
  readonly any: readonly SubjectId[];
  /** None of these may be tagged. */
  readonly none: readonly SubjectId[];
  /** 0..1: the tags that satisfy `all` and `any` must be at least this salient. */
  readonly salienceMin: number;
  /** BCP 47 primary subtags; empty means any language. */
  readonly langs: readonly string[];
  /** Empty means any publisher. */
  readonly publishers: readonly PublisherId[];
}

export interface RuleDefinition {
  readonly rule: RuleId;
  readonly title: string;
  /** The question it answers, in a sentence. */
  readonly about: string;
  readonly when: RuleCondition;
  /** Channel names: `console`, `webhook`. */
  readonly channels: readonly string[];
}

export type RuleDefined = EventShape<
  'RuleDefined',
  {
    rule: RuleId;
    /** The hash of the definition. */
    version: string;
    definition: RuleDefinition;
    dossier: string | null;
  }
>;
export type RuleRetired = EventShape<'RuleRetired', { rule: RuleId; version: string; reason: string }>;

export type RuleEvent = RuleDefined | RuleRetired;

/** A rule as its stream tells it: null while it is not in force. */
export type RuleState = { readonly version: string; readonly definition: RuleDefinition } | null;

/** One event further: the state of a rule after `event`. */
export function evolveRule(_state: RuleState, event: RuleEvent): RuleState {
  switch (event.type) {
    case 'RuleDefined':
      return { version: event.data.version, definition: event.data.definition };
    case 'RuleRetired':
      return null;
  }
}
