import type { Command } from 'commander';
import { NAME_CHARS_MAX, NOTE_CHARS_MAX } from '../../alerts/acknowledge.ts';
import type { AckDecision } from '../../alerts/acknowledge.ts';
import type { AlertId } from '../../events/ids.ts';
import { findAlerts } from '../../query/lists.ts';
import type { Store } from '../../store/store.ts';
import { acknowledgeAlerts } from '../../workers/acknowledge-alerts.ts';
import { accountName } from '../account-name.ts';
import { json, moment } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { shortText } from '../usage.ts';

interface Flags {
  readonly note: string;
  readonly by?: string;
  readonly json?: true;
}

/** Alerts named when a reference is ambiguous. */
const CANDIDATES_MAX = 10;

/** The alert each reference means, or what is wrong with it. */
async function meant(store: Store, reference: string): Promise<AlertId | { readonly problem: string }> {
  const found = (await findAlerts(store.db, reference, CANDIDATES_MAX)).map(({ alert }) => alert);
  const [first] = found;
  if (first === undefined) {
    const hint = /^[0-9a-f]{4,32}$/i.test(reference)
      ? ''
      : ': expected its id, at least the first 4 hex digits';
    return { problem: `no alert ${reference}${hint}` };
  }
  if (found.length > 1) return { problem: `${reference} could be any of ${found.join(', ')}` };
  return first;
}

function said(alert: AlertId, decision: AckDecision): string {
  switch (decision.kind) {
    case 'event':
      return `acknowledged ${alert}\n`;
    case 'already': {
      const by = decision.by === null ? '' : ` by ${decision.by}`;
      return `${alert} was acknowledged already${by} on ${moment(decision.at)} (UTC); nothing changed\n`;
    }
    case 'refused':
      return `${decision.reason}\n`;
  }
}

async function acknowledge(references: readonly string[], flags: Flags, output: Output): Promise<void> {
  const by = flags.by ?? accountName();
  await withSession(async ({ store, now }) => {
    const found = await Promise.all(references.map((reference) => meant(store, reference)));
    const problems = found.flatMap((one) => (typeof one === 'string' ? [] : [one.problem]));
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nnothing was acknowledged`);
    const alerts = [...new Set(found.filter((one) => typeof one === 'string'))];
    const decided = await acknowledgeAlerts(store, alerts, { by, note: flags.note }, now);
    const refused = [...decided.values()].flatMap((one) => (one.kind === 'refused' ? [one.reason] : []));
    if (refused.length > 0) throw new Error(`${refused.join('\n')}\nnothing was acknowledged`);
    if (flags.json) {
      const told = [...decided].map(([alert, { kind }]) => ({ alert, acknowledged: kind === 'event' }));
      output.out(json(told));
      return;
    }
    for (const [alert, decision] of decided) output.err(said(alert, decision));
  });
}

/** `alerts ack`: somebody has seen these alerts. */
export function alertsAckCommand(alerts: Command, output: Output): void {
  alerts
    .command('ack')
    .description('acknowledge alerts: they were seen, and by whom; all of them or none')
    .argument('<alert...>', 'alert ids, or their first characters, at least 4')
    .option('--note <text>', 'what came of it', shortText(NOTE_CHARS_MAX), '')
    .option('--by <name>', 'who says so (default: the name of this account)', shortText(NAME_CHARS_MAX))
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ shuttlewatch alerts ack 5f1c9b2e --note "in the 08:00 brief" --by kim',
    )
    .action((references: string[], flags: Flags) => acknowledge(references, flags, output));
}
