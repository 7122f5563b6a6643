import type { Command } from 'commander';
import { ruleId } from '../../events/ids.ts';
import type { RuleId } from '../../events/ids.ts';
import { listAlerts } from '../../query/lists.ts';
import type { AlertFilter, ListedAlert } from '../../query/lists.ts';
import { ID_CHARS_SHOWN, outcomeBrief } from '../alert-text.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { namesUnknown } from '../subcommands.ts';
import { withSession } from '../session.ts';
import { count, idOption, UsageError } from '../usage.ts';
import { shownTitle } from '../words.ts';
import { alertsAckCommand } from './alerts-ack.ts';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly raised?: true;
  readonly suppressed?: true;
  readonly unacknowledged?: true;
  readonly rule?: RuleId;
  readonly limit: number;
  readonly json?: true;
}

const ALERTS_MAX = 10_000;
const ALERTS_DEFAULT = 50;
const STATUSES = ['raised', 'suppressed', 'unacknowledged'] as const;

/** The status asked for; throws UsageError when more than one is. */
function statusOf(flags: Flags): AlertFilter['status'] {
  const asked = STATUSES.filter((status) => flags[status] === true);
  if (asked.length > 1) {
    throw new UsageError(`${asked.map((status) => `--${status}`).join(' and ')} exclude each other`);
  }
  return asked[0] ?? null;
}

/** On a narrower terminal the item is left out: "why" takes the alert as well. */
const WIDE_COLUMNS = 120;

function asTable(alerts: readonly ListedAlert[], columns: number): string {
  const wide = columns >= WIDE_COLUMNS;
  const rows = alerts.map((alert) => [
    ...[alert.alert.slice(0, ID_CHARS_SHOWN), moment(alert.recordedAt), alert.rule],
    ...(wide ? [alert.item.slice(0, ID_CHARS_SHOWN)] : []),
    ...[outcomeBrief(alert, wide), shownTitle(alert.title)],
  ]);
  const head = ['alert', 'recorded (UTC)', 'rule', ...(wide ? ['item'] : []), 'outcome', 'title'];
  return table(head, rows, columns);
}

async function list(flags: Flags, output: Output): Promise<void> {
  const status = statusOf(flags);
  await withSession(async ({ store }) => {
    const past = await pastAsked(store.db, flags, output);
    const filter = { status, rule: flags.rule ?? null, item: null, limit: flags.limit };
    const alerts = await listAlerts(store.db, filter, past?.position ?? null);
    if (flags.json) {
      output.out(json(alerts));
      return;
    }
    if (alerts.length === 0) {
      output.err('no alerts\n');
      return;
    }
    output.out(asTable(alerts, output.columns));
  });
}

/** `alerts`: what rules said, what was held back, and what somebody has seen. */
export function alertsCommand(program: Command, output: Output): void {
  const alerts = program
    .command('alerts')
    .description('what rules said, raised and held back, with reasons; and who has seen it')
    .enablePositionalOptions()
    .addHelpText('after', '\n"alerts" alone lists; "alerts help list" tells what it can be narrowed to.');
  namesUnknown(
    alerts,
    knownAtOption(alerts.command('list', { isDefault: true }))
      .description('list alerts, raised and held back, with reasons')
      .option('--raised', 'only those that went out')
      .option('--suppressed', 'only those held back')
      .option('--unacknowledged', 'only those that went out and nobody has acknowledged')
      .option('-r, --rule <id>', 'only of this rule', idOption(ruleId))
      .option('-n, --limit <alerts>', 'at most so many, the newest', count(1, ALERTS_MAX), ALERTS_DEFAULT)
      .option('--json', 'print JSON')
      .action((flags: Flags) => list(flags, output)),
  );
  alertsAckCommand(alerts, output);
}
