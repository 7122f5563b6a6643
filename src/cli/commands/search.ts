import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { cursor, InvalidCursor } from '../../query/cursor.ts';
import type { Cursor } from '../../query/cursor.ts';
import { explainQuery } from '../../query/explain-query.ts';
import type { QueryExplanation } from '../../query/explain-query.ts';
import { facets } from '../../query/facets.ts';
import type { FacetCount, Facets } from '../../query/facets.ts';
import { printQuery } from '../../query/print.ts';
import { countItems, SEARCH_ITEMS_DEFAULT, SEARCH_ITEMS_MAX, searchItems } from '../../query/search.ts';
import { QueryTimeout } from '../../query/reading.ts';
import type { Count, FoundItem, Page } from '../../query/search.ts';
import type { ItemFilter } from '../../query/understand.ts';
import type { Db } from '../../store/database.ts';
import { ask, askOfThen, QUERY_HELP } from '../asked.ts';
import type { Asked } from '../asked.ts';
import { countLists } from '../columns.ts';
import type { CountList } from '../columns.ts';
import { csv } from '../csv.ts';
import { zonedInstant, zonedMoment } from '../moment.ts';
import { json, printableEnd, table } from '../output.ts';
import type { Output } from '../output.ts';
import { pastOptions } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { queryCommand } from '../query-command.ts';
import { withSession } from '../session.ts';
import { count, oneFormat, UsageError } from '../usage.ts';
import type { Format } from '../usage.ts';
import { counted, shownTitle } from '../words.ts';

interface Flags extends PastFlags {
  readonly limit: number;
  readonly after?: Cursor;
  readonly json?: true;
  readonly jsonl?: true;
  readonly csv?: true;
  readonly facets?: true;
  readonly explain?: true;
}

const ID_CHARS_SHOWN = 8;
/** Stands behind the title of an item whose full text was looked into. */
const FULL_TEXT_MARK = '¶';
/** Beside the title there is room for so many tags, on a narrow terminal and on others. */
const TAGS_SHOWN_NARROW = 2;
const TAGS_SHOWN = 4;
const NARROW_COLUMNS = 140;
/** Below this there is room for titles alone; "why" and wider terminals have the tags. */
const TAGS_COLUMNS_MIN = 100;
/** The column of publishers, which gives way to titles. */
const PUBLISHER_COLUMN = 3;
/** Values of a facet that are printed; JSON has more. */
const FACET_ROWS_SHOWN = 10;

function tagsOf({ tags }: FoundItem, shown: number): string {
  const more = tags.length > shown ? [`+${tags.length - shown}`] : [];
  return [...tags.slice(0, shown).map(({ id }) => id), ...more].join(' ');
}

function row(item: FoundItem, zone: string, tagsShown: number): string[] {
  const at = zonedMoment(item.at, zone);
  return [
    item.item.slice(0, ID_CHARS_SHOWN),
    item.published === null ? `${at}?` : at,
    item.lang ?? '',
    item.publisher,
    ...(tagsShown === 0 ? [] : [tagsOf(item, tagsShown)]),
    item.fullText ? `${shownTitle(item.title)} ${FULL_TEXT_MARK}` : shownTitle(item.title),
  ];
}

function asTable(items: readonly FoundItem[], zone: string, columns: number): string {
  if (items.length === 0) return '';
  const room = columns < NARROW_COLUMNS ? TAGS_SHOWN_NARROW : TAGS_SHOWN;
  const tagsShown = columns < TAGS_COLUMNS_MIN ? 0 : room;
  const head = [
    ...['item', zonedHead('published', zone, columns), 'lang', 'publisher'],
    ...(tagsShown === 0 ? [] : ['tags']),
    'title',
  ];
  return table(
    head,
    items.map((item) => row(item, zone, tagsShown)),
    columns,
    [PUBLISHER_COLUMN],
  );
}

/** The head of a column of moments; on a narrow terminal a zone with a long name is named below the table alone. */
function zonedHead(name: string, zone: string, columns: number): string {
  return columns < TAGS_COLUMNS_MIN && zone !== 'UTC' ? name : `${name} (${zone})`;
}

const CSV_HEAD = ['item', 'published', 'recorded', 'lang', 'publisher', 'feed', 'title', 'url', 'tags'];

function asCsv(items: readonly FoundItem[], zone: string): string {
  const rows = items.map((item) => [
    item.item,
    item.published === null ? null : zonedInstant(item.published, zone),
    zonedInstant(item.recordedAt, zone),
    item.lang,
    item.publisher,
    item.feed,
    item.title,
    item.url,
    item.tags.map((tag) => tag.id).join(' '),
  ]);
  return csv(CSV_HEAD, rows);
}

function facetLists(found: Facets): CountList[] {
  const lists: readonly (readonly [string, readonly FacetCount[]])[] = [
    ['entities', found.entities],
    ['topics', found.topics],
    ['languages', found.langs],
    ['countries', found.countries],
    ['publishers', found.publishers],
    ['newest days', [...found.days].reverse()],
  ];
  return lists.map(([title, counts]) => ({
    title,
    rows: counts.slice(0, FACET_ROWS_SHOWN).map(({ value, items }) => ({ name: value, items })),
    more: counts.length > FACET_ROWS_SHOWN ? `and ${counts.length - FACET_ROWS_SHOWN} more` : null,
  }));
}

function asExplanation({ query, meanings, sql, parameters, plan }: QueryExplanation): string {
  const lines = [
    `query       ${query}`,
    ...meanings.map(({ written, meaning }) => `understood  ${written} as ${meaning}`),
    `sql         ${sql.replace(/\s+/g, ' ')}`,
    ...parameters.map((value, index) => `            $${index + 1} = ${json(value, 0).trim()}`),
    ...plan.map((line, index) => `${index === 0 ? 'plan' : '    '}        ${line}`),
  ];
  return lines.map((line) => `${printableEnd(line)}\n`).join('');
}

function totalText({ items, exact }: { readonly items: number; readonly exact: boolean }): string {
  return `${exact ? '' : 'more than '}${counted(items, 'item')}`;
}

/** How many there are, or at least: a page that was found is not lost because counting all takes too long. */
async function totalOf(db: Db, filter: ItemFilter, { items, next }: Page): Promise<Count> {
  if (next === null && items.length === 0) return { items: 0, exact: true };
  try {
    return await countItems(db, filter);
  } catch (error) {
    if (!(error instanceof QueryTimeout)) throw error;
    return { items: items.length, exact: false };
  }
}

function hint({ items, next }: Page, { query }: ItemFilter, zone: string): string {
  if (items.length === 0) return query.kind === 'and' ? 'fewer conditions find more' : 'nothing is found';
  const undated = items.some((item) => item.published === null);
  const more = next === null ? '' : `; the next: --after ${next}`;
  const marked = items.some((item) => item.fullText) ? `; ${FULL_TEXT_MARK}: with its full text` : '';
  const times = zone === 'UTC' ? '' : `; times in ${zone}`;
  return `"why <item>" tells more about one${times}${marked}${undated ? '; ?: no date given, so when it was recorded' : ''}${more}`;
}

/** The format asked for. Throws UsageError where it does not go with the rest, or another. */
function formatOf(flags: Flags): Format {
  const format = oneFormat(flags);
  const against = [flags.facets && '--facets', flags.after !== undefined && '--after'].find(Boolean);
  if (!flags.explain) return format;
  if (format === 'jsonl' || format === 'csv') {
    throw new UsageError(`--explain is for people or --json, not for --${format}`);
  }
  if (against) throw new UsageError(`--explain takes the place of items: leave out ${against}`);
  return format;
}

async function search(words: readonly string[], flags: Flags, output: Output): Promise<void> {
  const format = formatOf(flags);
  const now = await ask(words.join(' '));
  await withSession(async ({ store: { db } }) => {
    const asked = await askOfThen(db, now, flags, output);
    if (flags.explain) {
      const explained = await explainQuery(db, asked.filter);
      output.out(format === 'table' ? asExplanation(explained) : json(explained));
      return;
    }
    const page = await searchItems(db, asked.filter, { limit: flags.limit, after: flags.after ?? null });
    const counted = flags.facets ? await facets(db, asked.filter, asked) : null;
    const total =
      counted === null ? await totalOf(db, asked.filter, page) : { items: counted.items, exact: true };
    print({ page, total, counted }, { format, asked, output });
    output.err(`${page.items.length} of ${totalText(total)}; ${hint(page, asked.filter, asked.zone)}\n`);
  });
}

interface Found {
  readonly page: Page;
  readonly total: Count;
  readonly counted: Facets | null;
}

function print(
  { page, total, counted }: Found,
  { format, asked, output }: { format: Format; asked: Asked; output: Output },
): void {
  const { zone, filter } = asked;
  switch (format) {
    case 'json':
      output.out(
        json({
          query: printQuery(filter.query),
          ...(asked.past !== null && { asOf: asked.past }),
          total,
          ...page,
          ...(counted !== null && { facets: counted }),
        }),
      );
      return;
    case 'jsonl':
      for (const item of page.items) output.out(json(item, 0));
      break;
    case 'csv':
      output.out(asCsv(page.items, zone));
      break;
    case 'table':
      output.out(asTable(page.items, zone, output.columns));
  }
  if (counted === null) return;
  // Beside lines that programs read, counts are for people.
  const lists = countLists(facetLists(counted), output.columns === Infinity ? 120 : output.columns);
  if (format === 'table') output.out(`\n${lists}`);
  else output.err(lists);
}

function readCursor(text: string): Cursor {
  try {
    return cursor(text);
  } catch (error) {
    if (error instanceof InvalidCursor) throw new InvalidArgumentError(error.message);
    throw error;
  }
}

/** `search`: items by a query. */
export function searchCommand(program: Command, output: Output): void {
  pastOptions(queryCommand(program, 'search'))
    .description('find items by a query, newest first')
    .argument('[query...]', 'what to look for; nothing finds everything')
    .option('-n, --limit <items>', 'at most so many', count(1, SEARCH_ITEMS_MAX), SEARCH_ITEMS_DEFAULT)
    .option('--after <cursor>', 'the next page: what the page before named', readCursor)
    .option('--facets', 'count what is found by entity, topic, language, country, publisher and day')
    .option('--explain', 'show how the query is understood and what it costs, instead of items')
    .option('--json', 'print one JSON document')
    .option('--jsonl', 'print a line of JSON an item')
    .option('--csv', 'print CSV')
    .addHelpText(
      'after',
      `${QUERY_HELP}
  $ shuttlewatch search 'entity:taiwan lang:ja published:>=2026-01-04'
  $ shuttlewatch search 'topic:cptpp -lang:ko "shuttle diplomacy"' --facets`,
    )
    .action((words: readonly string[], flags: Flags) => search(words, flags, output));
}
