import type { EndCause } from './feed.ts';
import type { EventShape } from './shape.ts';
import type { RuleId } from './ids.ts';

export interface RuleDefinition {
  readonly rule: RuleId;
  readonly title: string;
  /** The question it answers, in a sentence. */
  readonly about: string;
  /** When an item fires it, in the query language. Times count from when the item was tagged, days are UTC's. */
  readonly query: string;
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
export type RuleRetired = EventShape<
  'RuleRetired',
  { rule: RuleId; version: string; cause: EndCause; reason: string }
>;

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
