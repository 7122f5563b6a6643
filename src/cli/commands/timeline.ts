import { Option } from 'commander';
import type { Command } from 'commander';
import { timeline, TIMELINE_UNITS } from '../../query/timeline.ts';
import type { TimelineBar, TimelineUnit } from '../../query/timeline.ts';
import { filterOf, withFilter } from '../filter.ts';
import type { FilterFlags } from '../filter.ts';
import { requireKnown } from '../known-subjects.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags extends FilterFlags {
  readonly by: TimelineUnit;
  readonly json?: true;
}

/** Columns taken by the day and the number. */
const LABEL_COLUMNS = 20;
const BAR_COLUMNS_MIN = 10;
const BAR_COLUMNS_MAX = 100;

function draw(bars: readonly TimelineBar[], columns: number): string {
  const most = Math.max(...bars.map((bar) => bar.items));
  const room = Math.min(BAR_COLUMNS_MAX, Math.max(BAR_COLUMNS_MIN, columns - LABEL_COLUMNS));
  return bars
    .map(({ from, items }) => {
      // At least a sliver for one item: a bar that rounds to nothing would read as silence.
      const bar = items === 0 ? '' : '█'.repeat(Math.max(1, Math.round((items / most) * room)));
      return `${from}  ${String(items).padStart(6)}  ${bar}`.trimEnd() + '\n';
    })
    .join('');
}

async function show(flags: Flags, output: Output): Promise<void> {
  const filter = filterOf(flags);
  await requireKnown(filter.subjects);
  await withSession(async ({ store }) => {
    const bars = await timeline(store.db, filter, flags.by);
    if (flags.json) output.out(json(bars));
    else if (bars.length === 0) output.err('no items\n');
    else output.out(draw(bars, output.columns));
  });
}

/** `timeline`: how many items a day or week. */
export function timelineCommand(program: Command, output: Output): void {
  withFilter(program.command('timeline').description('count items by day or week, silence included'))
    .addOption(new Option('--by <unit>', 'width of a bar').choices([...TIMELINE_UNITS]).default('day'))
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ shuttlewatch timeline --topic rare-earths --by week')
    .action((flags: Flags) => show(flags, output));
}
