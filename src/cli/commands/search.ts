import type { Command } from 'commander';
import { loadDossier } from '../../dossier/load.ts';
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
const TAGS_SHOWN = 4;

function row(item: FoundItem): string[] {
  const tags = item.tags.slice(0, TAGS_SHOWN).map((tag) => tag.id);
  const more = item.tags.length > TAGS_SHOWN ? [`+${item.tags.length - TAGS_SHOWN}`] : [];
  return [
    item.item.slice(0, ID_CHARS_SHOWN),
    moment(item.at),
    item.lang ?? '',
    item.publisher,
    [...tags, ...more].join(' '),
    item.title,
  ];
}

async function search(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store, config }) => {
    const filter = filterOf(flags);
    requireKnown(await loadDossier(config.SHUTTLEWATCH_DOSSIER), filter.subjects);
    const found = await searchItems(store.db, filter, flags.limit);
    if (flags.json) {
      output.out(json(found));
      return;
    }
    if (found.length > 0) {
      output.out(
        table(
          ['item', 'published (UTC)', 'lang', 'publisher', 'tags', 'title'],
          found.map(row),
          output.columns,
        ),
      );
    }
    const total = found.length < flags.limit ? found.length : await countItems(store.db, filter);
    output.err(`${found.length} of ${total} items; "why <item>" tells more about one\n`);
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
