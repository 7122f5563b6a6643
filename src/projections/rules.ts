import type { RuleEvent } from '../events/rule.ts';
import type { Recorded } from '../events/event.ts';
import type { Projection, TableShape } from './projection.ts';
import { applyVersions } from './versions.ts';
import type { Versioned, VersionRow } from './versions.ts';

const RULES: TableShape = {
  columns: `
  rule          text        not null collate "C",
  version       text        not null,
  title         text        not null,
  about         text        not null,
  definition    jsonb       not null,
  status        text        not null check (status in ('in force', 'retired')),
  since         timestamptz not null,
  -- so from this event until that one; null while it is so
  from_position bigint      not null,
  to_position   bigint,
  primary key (rule, from_position)`,
  whenFull: ['create index rules_now on rules (rule) where to_position is null'],
};

function ruleAfter(
  row: VersionRow<'sw_read.rules'> | undefined,
  { type, data, recordedAt: since, position }: Recorded<RuleEvent>,
): VersionRow<'sw_read.rules'> | undefined {
  if (type === 'RuleRetired') return row && { ...row, status: 'retired', since };
  const { rule, version, definition } = data;
  const { title, about } = definition;
  const place = { from_position: position, to_position: null };
  return { rule, version, title, about, definition, status: 'in force', since, ...place };
}

const VERSIONS: Versioned<'sw_read.rules', RuleEvent> = {
  table: 'sw_read.rules',
  key: 'rule',
  keyOf: ({ data }) => data.rule,
  evolve: ruleAfter,
};

/** Rules in force and retired ones, as they are and as they were, for lists and explanations. */
export const rules: Projection = {
  name: 'rules',
  version: 1,
  tables: { 'sw_read.rules': RULES },
  handles: ['RuleDefined', 'RuleRetired'],
  async apply(tx, events, schema) {
    const own = events.filter((event) => event.type === 'RuleDefined' || event.type === 'RuleRetired');
    await applyVersions(tx, schema, VERSIONS, own);
  },
};
