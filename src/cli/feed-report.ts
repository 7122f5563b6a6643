import type { Looked } from '../workers/look-at-feed.ts';
import type { RecordCounts } from '../workers/record-items.ts';
import { fit, moment } from './output.ts';

/** Headers that say something about how a feed is served, and to whom one may complain. */
const HEADERS_OF_NOTE = [
  'content-type',
  'content-encoding',
  'last-modified',
  'etag',
  'cache-control',
  'retry-after',
  'server',
] as const;
/** Items that are shown by name; JSON has all of them. */
const ITEMS_SHOWN = 5;
const LABEL_COLUMNS = 10;
/** Bytes are told in kB from here on. */
const KB = 1024;

/** A look at a feed, and what it would bring; null where the log was not asked. */
export interface FeedReport {
  readonly url: string;
  readonly feed: string | null;
  readonly looked: Looked;
  readonly foreseen: RecordCounts | null;
  /** Whether what it would bring is old news: at a first poll it is. */
  readonly backfill: boolean;
}

const FROM = {
  bom: 'its byte order mark says so',
  content: 'its bytes allow nothing else',
  http: 'the Content-Type header says so',
  declaration: 'its XML declaration says so',
  guess: 'guessed from its letters',
} as const;

function headersOf({ answer }: Looked): [string, string][] {
  return HEADERS_OF_NOTE.flatMap((name): [string, string][] => {
    const value = answer?.headers[name];
    return value === undefined ? [] : [[name, value]];
  });
}

function sizeText(bytes: number): string {
  return bytes < KB ? `${bytes} bytes` : `${Math.round(bytes / KB)} kB`;
}

interface Dates {
  readonly dated: number;
  readonly oldest: string | null;
  readonly newest: string | null;
}

function datesOf({ read }: Looked): Dates {
  const dates = (read?.items ?? []).flatMap(({ item }) => item.published ?? []).sort();
  return { dated: dates.length, oldest: dates[0] ?? null, newest: dates.at(-1) ?? null };
}

function datesText(looked: Looked, items: number): string {
  const { dated, oldest, newest } = datesOf(looked);
  if (oldest === null || newest === null) return 'none of them has a date that can be read';
  const all = dated === items ? 'all dated' : `${dated} dated`;
  return `${all}, ${moment(new Date(oldest))} to ${moment(new Date(newest))} (UTC)`;
}

function languagesOf({ read }: Looked): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { item } of read?.items ?? []) {
    const lang = item.lang ?? 'unknown';
    counts[lang] = (counts[lang] ?? 0) + 1;
  }
  return counts;
}

function foreseenText({ foreseen, backfill, looked }: FeedReport): string {
  const old = backfill ? '; the first poll is backfill, so none of it would alert' : '';
  if (foreseen === null) return `${looked.read?.items.length ?? 0} items, were they all new${old}`;
  const { ingested, revised, unchanged } = foreseen;
  return `${ingested} new, ${revised} revised, ${unchanged} known${old}`;
}

function readLines(report: FeedReport): [string, string][] {
  const { read } = report.looked;
  if (read === null) return [];
  const count = read.items.length;
  const dropped = read.dropped === 0 ? '' : `, ${read.dropped} repeated or empty left out`;
  const langs = Object.entries(languagesOf(report.looked)).map(([lang, items]) => `${lang} ${items}`);
  return [
    ['title', read.title || '(none)'],
    ['language', `${read.lang ?? 'unknown'}${count === 0 ? '' : `; of the items: ${langs.join(', ')}`}`],
    ['items', `${count}${dropped}${count === 0 ? '' : `; ${datesText(report.looked, count)}`}`],
    ['ingest', foreseenText(report)],
    ...read.items
      .slice(0, ITEMS_SHOWN)
      .map(({ item }, index): [string, string] => [
        index === 0 ? 'first' : '',
        `${item.published === null ? 'no date        ' : moment(new Date(item.published))}  ${item.title}`,
      ]),
  ];
}

function troubleLines({ trouble, described, retryAfterMs }: Looked): [string, string][] {
  if (trouble === null) return [];
  const linked = described?.linked ?? [];
  return [
    ['trouble', `${trouble.kind} trouble: ${trouble.reason}`],
    ...(retryAfterMs === null
      ? []
      : [['', `asks to come again in ${Math.ceil(retryAfterMs / 1_000)} s`] as [string, string]]),
    ...linked.map((url, index): [string, string] => [index === 0 ? 'has feeds' : '', url]),
  ];
}

/** The report for people, a fact a line; what is wrong is never cut. */
export function reportText(report: FeedReport, columns: number): string {
  const { url, feed, looked } = report;
  const { answer, described, ms } = looked;
  const lines: [string, string][] = [
    ...(feed === null ? [] : [['feed', feed] as [string, string]]),
    ['url', url],
    ...(answer?.redirects ?? []).map(({ to, status }): [string, string] => [`→ ${status}`, to]),
    ...(looked.movedTo === null
      ? []
      : [['', 'moved for good: a poll would note the new address'] as [string, string]]),
    ...(answer === null
      ? []
      : [
          ['answer', `${answer.status}, ${sizeText(answer.body.byteLength)} in ${ms} ms`] as [string, string],
        ]),
    ...headersOf(looked).map(([name, value], index): [string, string] => [
      index === 0 ? 'headers' : '',
      `${name}: ${value}`,
    ]),
    ...(described === null
      ? []
      : ([
          ['encoding', `${described.charset}, ${FROM[described.charsetFrom]}`],
          ['dialect', described.dialect ?? 'none: no feed begins in it'],
        ] as [string, string][])),
    ...readLines(report),
    ...troubleLines(looked),
  ];
  const whole = new Set(['trouble', 'has feeds', 'url']);
  return lines
    .map(([label, text]) => {
      const room = whole.has(label) ? Infinity : Math.max(20, columns - LABEL_COLUMNS - 1);
      return `${label.padEnd(LABEL_COLUMNS)} ${fit(text, room)}\n`;
    })
    .join('');
}

function answerJson({ answer }: Looked): object {
  if (answer === null) return { status: null, answeredBy: null, redirects: [], bytes: null };
  const { status, url, redirects, body } = answer;
  return { status, answeredBy: url, redirects, bytes: body.byteLength };
}

function readJson(looked: Looked): object | null {
  const { read } = looked;
  if (read === null) return null;
  const items = read.items.map(({ itemId, item }) => ({ item: itemId, ...item }));
  return { ...read, items, dates: datesOf(looked), languages: languagesOf(looked) };
}

/** The report for programs. */
export function reportJson({ url, feed, looked, foreseen, backfill }: FeedReport): object {
  const { ms, movedTo, described, trouble, retryAfterMs } = looked;
  const headers = Object.fromEntries(headersOf(looked));
  const told =
    trouble === null ? null : { kind: trouble.kind, reason: trouble.reason, status: trouble.status };
  return {
    ...{ url, feed, ms, ...answerJson(looked), movedTo, headers },
    ...{ document: described, read: readJson(looked), foreseen, backfill, trouble: told, retryAfterMs },
  };
}
