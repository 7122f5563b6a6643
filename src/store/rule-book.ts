import { sql } from 'kysely';
import type { AlertId, ItemId, RuleId } from '../events/ids.ts';
import type { RuleDefinition, RuleEvent } from '../events/rule.ts';
import { upcastRuleDefinition } from '../events/rule-condition.ts';
import type { Tx } from './database.ts';

/** A rule in force. */
export interface RuleEntry {
  readonly version: string;
  readonly definition: RuleDefinition;
}

/** What a rule has spoken about under one copy key, so that it does not say the same thing twice. */
export interface SpokenAbout {
  readonly rule: RuleId;
  readonly copyKey: string;
  readonly item: ItemId;
  readonly alert: AlertId;
  /** Whether it alerted, or knew the item from a backfill. */
  readonly said: 'raised' | 'backfill';
  /** When the window of its copies begins. */
  readonly at: Date;
}

/** The rules in force at the position this transaction has reached, by id. */
export async function readRuleBook(tx: Tx): Promise<RuleEntry[]> {
  const rows = await tx
    .selectFrom('sw_work.rule_book')
    .select(['version', 'definition'])
    .orderBy('rule')
    .execute();
  return rows.map(({ version, definition }) => ({ version, definition: upcastRuleDefinition(definition) }));
}

/** Follows the rules: a definition replaces the one before it, retiring removes it. */
export async function updateRuleBook(tx: Tx, event: RuleEvent): Promise<void> {
  const { rule, version } = event.data;
  switch (event.type) {
    case 'RuleDefined': {
      const entry = { version, definition: JSON.stringify(event.data.definition) };
      await tx
        .insertInto('sw_work.rule_book')
        .values({ rule, ...entry })
        .onConflict((conflict) => conflict.column('rule').doUpdateSet(entry))
        .execute();
      return;
    }
    case 'RuleRetired':
      await tx.deleteFrom('sw_work.rule_book').where('rule', '=', rule).execute();
  }
}

/** What has been spoken about under any of `copyKeys`. */
export async function readSpokenAbout(tx: Tx, copyKeys: readonly string[]): Promise<SpokenAbout[]> {
  if (copyKeys.length === 0) return [];
  const rows = await tx
    .selectFrom('sw_work.alert_copies')
    .selectAll()
    .where('copy_key', '=', sql<string>`any(${[...new Set(copyKeys)]}::text[])`)
    .execute();
  return rows.map(({ copy_key: copyKey, ...row }) => ({ ...row, copyKey }));
}

/** Remembers what was spoken about; a later word under the same key replaces the earlier. */
export async function writeSpokenAbout(tx: Tx, spoken: readonly SpokenAbout[]): Promise<void> {
  // One statement may not touch a row twice, so the last word of a batch wins here.
  const latest = new Map(spoken.map((entry) => [`${entry.rule}\n${entry.copyKey}`, entry]));
  if (latest.size === 0) return;
  await tx
    .insertInto('sw_work.alert_copies')
    .values([...latest.values()].map(({ copyKey, ...entry }) => ({ ...entry, copy_key: copyKey })))
    .onConflict((conflict) =>
      conflict.columns(['rule', 'copy_key']).doUpdateSet((excluded) => ({
        item: excluded.ref('excluded.item'),
        alert: excluded.ref('excluded.alert'),
        said: excluded.ref('excluded.said'),
        at: excluded.ref('excluded.at'),
      })),
    )
    .execute();
}

/** Forgets what was spoken about before `before`. */
export async function forgetSpokenAbout(tx: Tx, before: Date): Promise<void> {
  await tx.deleteFrom('sw_work.alert_copies').where('at', '<', before).execute();
}
