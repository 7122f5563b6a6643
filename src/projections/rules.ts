import { tableIn } from './projection.ts';
import type { Projection, TableShape } from './projection.ts';

const RULES: TableShape = {
  columns: `
  rule       text        not null collate "C" primary key,
  version    text        not null,
  title      text        not null,
  about      text        not null,
  definition jsonb       not null,
  status     text        not null check (status in ('in force', 'retired')),
  since      timestamptz not null`,
  whenFull: [],
};

/** Rules in force and retired ones, for lists and explanations. */
export const rules: Projection = {
  name: 'rules',
  version: 1,
  tables: { 'sw_read.rules': RULES },
  handles: ['RuleDefined', 'RuleRetired'],
  async apply(tx, events, schema) {
    const table = tableIn(schema, 'sw_read.rules');
    for (const event of events) {
      if (event.type === 'RuleDefined') {
        const { rule, version, definition } = event.data;
        const row = {
          version,
          title: definition.title,
          about: definition.about,
          definition: JSON.stringify(definition),
          status: 'in force' as const,
          since: event.recordedAt,
        };
        await tx
          .insertInto(table)
          .values({ rule, ...row })
          .onConflict((conflict) => conflict.column('rule').doUpdateSet(row))
          .execute();
      } else if (event.type === 'RuleRetired') {
        await tx
          .updateTable(table)
          .where('rule', '=', event.data.rule)
          .set({ status: 'retired', since: event.recordedAt })
          .execute();
      }
    }
  },
};
