import type { Command } from 'commander';
import type { SuppressionReason } from '../../events/alert.ts';
import { ruleId } from '../../events/ids.ts';
import type { RuleId } from '../../events/ids.ts';
import { listAlerts } from '../../query/lists.ts';
import type { ListedAlert } from '../../query/lists.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { count, idOption, UsageError } from '../usage.ts';

interface Flags {
  readonly raised?: true;
  readonly suppressed?: true;
  readonly rule?: RuleId;
  readonly limit: number;
  readonly json?: true;
}

const ALERTS_MAX = 10_000;
const ALERTS_DEFAULT = 50;
const ID_CHARS_SHOWN = 8;

/** What the rule did about the item that a copy is of. */
const COPY_OF = { raised: 'of which this rule has spoken', backfill: 'known from a backfill' } as const;

/** Why an alert was held back, in words. */
export function reasonText(reason: SuppressionReason): string {
  switch (reason.kind) {
    case 'backfill':
      return reason.backfill === 'archive'
        ? 'backfill: came with an archive'
        : "backfill: came with its feed's first poll";
    case 'retagged':
      return 'retagged: the words are not new';
    case 'copy':
      return `copy of ${reason.of.slice(0, ID_CHARS_SHOWN)}, ${COPY_OF[reason.said]}`;
  }
}

/** What became of an alert, in words. */
export function outcomeText(alert: ListedAlert): string {
  if (alert.reason !== null) return `held back, ${reasonText(alert.reason)}`;
  if (alert.deliveries.length === 0) return 'raised, not delivered yet';
  return alert.deliveries.map((one) => `${one.channel} ${one.status} (${one.detail})`).join('; ');
}

/** The same within the width of a table. */
function outcomeBrief({ reason, deliveries }: ListedAlert): string {
  if (reason?.kind === 'copy') return `held back: copy of ${reason.of.slice(0, ID_CHARS_SHOWN)}`;
  if (reason !== null) return `held back: ${reason.kind}`;
  if (deliveries.length === 0) return 'raised, not delivered yet';
  return deliveries
    .map(
      ({ channel, status, detail }) => `${channel} ${status}${status === 'delivered' ? '' : ` (${detail})`}`,
    )
    .join('; ');
}

async function list(flags: Flags, output: Output): Promise<void> {
  if (flags.raised && flags.suppressed) throw new UsageError('--raised and --suppressed exclude each other');
  await withSession(async ({ store }) => {
    const status = flags.raised ? 'raised' : flags.suppressed ? 'suppressed' : null;
    const alerts = await listAlerts(store.db, {
      status,
      rule: flags.rule ?? null,
      item: null,
      limit: flags.limit,
    });
    if (flags.json) {
      output.out(json(alerts));
      return;
    }
    if (alerts.length === 0) {
      output.err('no alerts\n');
      return;
    }
    const rows = alerts.map((alert) => [
      moment(alert.recordedAt),
      alert.rule,
      alert.item.slice(0, ID_CHARS_SHOWN),
      outcomeBrief(alert),
      alert.title,
    ]);
    output.out(table(['recorded (UTC)', 'rule', 'item', 'outcome', 'title'], rows, output.columns));
  });
}

/** `alerts`: what rules said, and what was held back. */
export function alertsCommand(program: Command, output: Output): void {
  program
    .command('alerts')
    .description('list alerts, raised and held back, with reasons')
    .option('--raised', 'only those that went out')
    .option('--suppressed', 'only those held back')
    .option('-r, --rule <id>', 'only of this rule', idOption(ruleId))
    .option('-n, --limit <alerts>', 'at most so many, the newest', count(1, ALERTS_MAX), ALERTS_DEFAULT)
    .option('--json', 'print JSON')
    .action((flags: Flags) => list(flags, output));
}
