import type { Projection } from './projection.ts';

/** Rules in force and retired ones, for lists and explanations. */
export const rules: Projection = {
  name: 'rules',
  tables: ['sw_read.rules'],
  handles: ['RuleDefined', 'RuleRetired'],
  async apply(tx, events) {
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
          .insertInto('sw_read.rules')
          .values({ rule, ...row })
          .onConflict((conflict) => conflict.column('rule').doUpdateSet(row))
          .execute();
      } else if (event.type === 'RuleRetired') {
        await tx
          .updateTable('sw_read.rules')
          .where('rule', '=', event.data.rule)
          .set({ status: 'retired', since: event.recordedAt })
          .execute();
      }
    }
  },
};
