import type { Command } from 'commander';
import { countItems, SEARCH_ITEMS_DEFAULT, SEARCH_ITEMS_MAX, searchItems } from '../../query/search.ts';
import type { FoundItem } from '../../query/search.ts';
import { filterOf, withFilter } from '../filter.ts';
import type { FilterFlags } from '../filter.ts';
import { requireKnown } from '../known-subjects.ts';
import { json, moment, table } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { count } from '../usage.ts';

interface Flags extends FilterFlags {
  readonly limit: number;
  readonly json?: true;
}

const ID_CHARS_SHOWN = 8;
/** Beside the title there is room for so many tags, on a narrow terminal and on others. */
const TAGS_SHOWN_NARROW = 2;
const TAGS_SHOWN = 4;
const NARROW_COLUMNS = 140;

function row(item: FoundItem, tagsShown: number): string[] {
  const tags = item.tags.slice(0, tagsShown).map((tag) => tag.id);
  const more = item.tags.length > tagsShown ? [`+${item.tags.length - tagsShown}`] : [];
  return [
    item.item.slice(0, ID_CHARS_SHOWN),
    item.published === null ? `${moment(item.at)}?` : moment(item.at),
    item.lang ?? '',
    item.publisher,
    [...tags, ...more].join(' '),
    item.title,
  ];
}

function hint(found: readonly FoundItem[]): string {
  if (found.length === 0) return 'fewer conditions find more';
  const undated = found.some((item) => item.published === null);
  return `"why <item>" tells more about one${undated ? '; ?: no date given, so when it was recorded' : ''}`;
}

async function search(flags: Flags, output: Output): Promise<void> {
  const filter = filterOf(flags);
  await requireKnown(filter.subjects);
  await withSession(async ({ store }) => {
    const found = await searchItems(store.db, filter, flags.limit);
    if (flags.json) {
      output.out(json(found));
      return;
    }
    if (found.length > 0) {
      const tagsShown = output.columns < NARROW_COLUMNS ? TAGS_SHOWN_NARROW : TAGS_SHOWN;
      output.out(
        table(
          ['item', 'published (UTC)', 'lang', 'publisher', 'tags', 'title'],
          found.map((item) => row(item, tagsShown)),
          output.columns,
        ),
      );
    }
    const total = found.length < flags.limit ? found.length : await countItems(store.db, filter);
    output.err(`${found.length} of ${total} items; ${hint(found)}\n`);
  });
}

/** `search`: items by entity, topic, language, publisher and time. */
export function searchCommand(program: Command, output: Output): void {
  withFilter(
    program.command('search').description('find items by entity, topic, language, publisher and time'),
  )
    .option(
      '-n, --limit <items>',
      'at most so many, the newest',
      count(1, SEARCH_ITEMS_MAX),
      SEARCH_ITEMS_DEFAULT,
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  $ shuttlewatch search --entity taiwan --topic japan-sdf --lang ja --since 2026-01-04',
    )
    .action((flags: Flags) => search(flags, output));
}
