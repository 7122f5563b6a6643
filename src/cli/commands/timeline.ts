import { Option } from 'commander';
import type { Command } from 'commander';
import { timeline, TIMELINE_SPLITS, TIMELINE_UNITS } from '../../query/timeline.ts';
import type { TimelineBar, TimelineSplit, TimelineUnit } from '../../query/timeline.ts';
import { ask, askOfThen, QUERY_HELP } from '../asked.ts';
import { drawBars, OTHER, SPLIT_VALUES_MAX } from '../bars.ts';
import type { Chart } from '../bars.ts';
import { csv } from '../csv.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { pastOptions } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { queryCommand } from '../query-command.ts';
import { withSession } from '../session.ts';
import { oneFormat } from '../usage.ts';

interface Flags extends PastFlags {
  readonly by: TimelineUnit;
  readonly split?: TimelineSplit;
  readonly json?: true;
  readonly csv?: true;
}

/** The values of a split, the most frequent first. */
function valuesOf(bars: readonly TimelineBar[]): string[] {
  const sums = new Map<string, number>();
  for (const { parts } of bars) {
    for (const [value, items] of Object.entries(parts)) sums.set(value, (sums.get(value) ?? 0) + items);
  }
  return [...sums].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([value]) => value);
}

function chartOf(bars: readonly TimelineBar[]): Chart {
  const values = valuesOf(bars);
  const shown = values.slice(0, SPLIT_VALUES_MAX);
  const others = values.slice(SPLIT_VALUES_MAX);
  const items = (parts: TimelineBar['parts'], names: readonly string[]): number =>
    names.reduce((sum, name) => sum + (parts[name] ?? 0), 0);
  return {
    values: others.length === 0 ? shown : [...shown, OTHER],
    bars: bars.map(({ from, items: all, parts }) => ({
      from,
      items: all,
      parts: [
        ...shown.map((value) => parts[value] ?? 0),
        ...(others.length === 0 ? [] : [items(parts, others)]),
      ],
    })),
  };
}

function asCsv(bars: readonly TimelineBar[]): string {
  const values = valuesOf(bars);
  const rows = bars.map(({ from, items, parts }) => [
    from,
    items,
    ...values.map((value) => parts[value] ?? 0),
  ]);
  return csv(['from', 'items', ...values], rows);
}

async function show(words: readonly string[], flags: Flags, output: Output): Promise<void> {
  const format = oneFormat(flags);
  const asked = await ask(words.join(' '));
  await withSession(async ({ store }) => {
    const { filter, zone, countries, past } = await askOfThen(store.db, asked, flags, output);
    const bars = await timeline(store.db, filter, {
      by: flags.by,
      split: flags.split ?? null,
      zone,
      countries,
      now: past?.now ?? new Date(),
    });
    if (format === 'json') output.out(json(bars));
    else if (format === 'csv') output.out(asCsv(bars));
    else if (bars.length === 0) output.err('no items\n');
    else output.out(drawBars(chartOf(bars), { columns: output.columns, colour: output.colour }));
    if (format === 'table' && flags.split === 'entity') {
      output.err(
        'an item counts for each of its entities, so that the parts add up to more than the items\n',
      );
    }
  });
}

/** `timeline`: how many items a day or week. */
export function timelineCommand(program: Command, output: Output): void {
  pastOptions(queryCommand(program, 'timeline'))
    .description('count what a query finds by day or week, silence included')
    .argument('[query...]', 'what to count; nothing counts everything')
    .addOption(new Option('--by <unit>', 'width of a bar').choices([...TIMELINE_UNITS]).default('day'))
    .addOption(new Option('--split <what>', 'divide each bar').choices([...TIMELINE_SPLITS]))
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .addHelpText(
      'after',
      `${QUERY_HELP}\n  $ shuttlewatch timeline 'topic:rare-earths' --by week --split country`,
    )
    .action((words: readonly string[], flags: Flags) => show(words, flags, output));
}
