import type { Looked } from '../workers/look-at-feed.ts';
import type { RecordCounts } from '../workers/record-items.ts';
import type { CloseLook } from '../workers/look-closer.ts';
import type { LastTrouble } from '../workers/feed-trouble.ts';
import { itemLines } from './feed-report-items.ts';
import { printable } from '../alerts/console-channel.ts';
import { STATUS_GONE } from '../ingest/for-good.ts';
import type { PollTrouble } from '../ingest/feed.ts';
import { FEED_ITEMS_MAX } from '../ingest/parsed.ts';
import { withoutPasswords } from '../log/without-passwords.ts';
import { wrap } from './wrap.ts';
import { fit, moment } from './output.ts';
import { counted, durationText } from './words.ts';

/** Headers that say something about how a feed is served, and to whom one may complain. */
const HEADERS_OF_NOTE = [
  'content-type',
  'content-encoding',
  'last-modified',
  'etag',
  'cache-control',
  'retry-after',
  'age',
  'date',
  'server',
] as const;
/** A clock that is further off than this is worth a word. */
const SKEW_MS_MIN = 60_000;
const PERMANENT: ReadonlySet<number> = new Set([301, 308]);
const LABEL_COLUMNS = 10;
/** Bytes are told in kB from here on. */
const KB = 1024;

/** A look at a feed, and what it would bring; null where the log was not asked. */
export interface FeedReport {
  readonly url: string;
  readonly feed: string | null;
  readonly looked: Looked;
  readonly foreseen: RecordCounts | null;
  /** Null where nothing could be read. */
  readonly close: CloseLook | null;
  /** Null where the log was not asked, or knows of none. */
  readonly lastTrouble: LastTrouble | null;
  /** How long a poll that met this trouble would wait for the next, in ms, chance left out; absent where there is none. */
  readonly retryMs?: number;
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
  const all = dated === items ? 'all dated' : `${dated} dated, ${items - dated} undated`;
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
  if (foreseen === null)
    return `${counted(looked.read?.items.length ?? 0, 'item')}, were ${looked.read?.items.length === 1 ? 'it' : 'they all'} new${old}`;
  const { ingested, revised, unchanged } = foreseen;
  return `${ingested} new, ${revised} revised, ${unchanged} known${old}`;
}

/** What is odd about the dates of items. */
function oddDates({ undated, unreadable, future }: CloseLook): string {
  const odd = [
    [undated, 'without a date'],
    [unreadable, 'whose date cannot be read'],
    [future, 'whose date is too far ahead to be believed'],
  ] as const;
  return odd.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ');
}

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** What the feed asks of those who poll it. */
function hintsText({ hints }: CloseLook): string {
  const { ttlMinutes, updateMinutes, skipHours, skipDays } = hints;
  return [
    ttlMinutes === null ? '' : `good for ${ttlMinutes} min (ttl)`,
    updateMinutes === null ? '' : `changes every ${updateMinutes} min (sy)`,
    skipHours.length === 0 ? '' : `nothing at ${skipHours.join(', ')} h UTC`,
    skipDays.length === 0 ? '' : `nothing on ${skipDays.map((day) => DAYS[day] ?? '').join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('; ');
}

function rateText({ itemsPerDay }: CloseLook): string {
  if (itemsPerDay === null) return '';
  if (itemsPerDay >= 2) return `about ${Math.round(itemsPerDay)} items a day, by their dates`;
  return `an item in about ${Math.max(1, Math.round(1 / itemsPerDay))} days, by their dates`;
}

/** Lines that have something to say. */
function said(lines: readonly [string, string][]): [string, string][] {
  return lines.filter(([, text]) => text !== '');
}

function closeLines({ close, url, looked }: FeedReport): [string, string][] {
  if (close === null) return [];
  const { report, self } = close;
  const elsewhere = self === null || self === url || self === looked.answer?.url ? '' : self;
  return [
    ...said([
      ['dates', oddDates(close)],
      ['rhythm', rateText(close)],
      ['asks', hintsText(close)],
      ['next poll', `in about ${durationText(close.nextPollMs)}, until its own rhythm is known`],
      ['mended', report.repairs.join(', ')],
      ['self', elsewhere === '' ? '' : `${elsewhere} is where it says it lives`],
    ]),
    ...itemLines(close),
  ];
}

function readLines(report: FeedReport): [string, string][] {
  const { read } = report.looked;
  if (read === null) return [];
  const count = read.items.length;
  const beyond = report.close?.beyond ?? 0;
  const dropped =
    (read.dropped === 0 ? '' : `, ${read.dropped} repeated or empty left out`) +
    (beyond === 0 ? '' : `, ${beyond} beyond the limit of ${FEED_ITEMS_MAX} left out`);
  const langs = Object.entries(languagesOf(report.looked)).map(([lang, items]) => `${lang} ${items}`);
  return [
    ['title', read.title || '(none)'],
    ['language', `${read.lang ?? 'unknown'}${count === 0 ? '' : `; of the items: ${langs.join(', ')}`}`],
    ['items', `${count}${dropped}${count === 0 ? '' : `; ${datesText(report.looked, count)}`}`],
    ['ingest', foreseenText(report)],
    ...closeLines(report),
  ];
}

/** What the kinds of trouble mean. */
const MEANS = {
  soft: 'soft: it may pass by itself',
  hard: 'hard: somebody has to mend it',
  blocked: 'blocked: we are not wanted there',
} as const;

/** What a poll that met this trouble would lead to. */
function followsText({ kind, status }: PollTrouble, retryMs: number): string {
  const again = durationText(retryMs);
  if (status === STATUS_GONE)
    return `gone, it says: a poll would ask once more in ${again}, and pause the feed for good where that is said again`;
  return `${MEANS[kind]}; a poll would ask again in ${again}, then after pauses that double`;
}

function troubleLines({ looked, retryMs }: FeedReport): [string, string][] {
  const { trouble, described, retryAfterMs } = looked;
  if (trouble === null) return [];
  const linked = described?.linked ?? [];
  return [
    ['trouble', `${trouble.kind} trouble: ${trouble.reason}`],
    ...(retryMs === undefined ? [] : [['follows', followsText(trouble, retryMs)] as [string, string]]),
    ...(retryAfterMs === null
      ? []
      : [['', `asks to come again in ${Math.ceil(retryAfterMs / 1_000)} s`] as [string, string]]),
    ...linked.map((url, index): [string, string] => [index === 0 ? 'has feeds' : '', url]),
  ];
}

function clockText(close: CloseLook | null): string {
  const ahead = close?.clockAheadMs ?? 0;
  if (Math.abs(ahead) < SKEW_MS_MIN) return '';
  return `the server's is ${durationText(Math.abs(ahead))} ${ahead > 0 ? 'ahead of' : 'behind'} ours`;
}

function dialectText({ looked, close }: FeedReport): string {
  const dialect = close?.report.dialect ?? looked.described?.dialect ?? null;
  if (dialect === null) return 'none: no feed begins in it';
  return close === null ? dialect : `${dialect}, read by ${close.report.reader}`;
}

function lastTroubleLines({ feed, lastTrouble }: FeedReport): [string, string][] {
  if (lastTrouble === null) return [];
  const { at, failure, isOver } = lastTrouble;
  const kept = failure.evidence === null ? '' : `; what came is kept: feeds check ${feed ?? ''} --evidence`;
  return [
    [
      'in the log',
      `${moment(at)} ${failure.kind} trouble${isOver ? ', over since' : ''}: ${failure.reason}${kept}`,
    ],
  ];
}

/** The report for people, a fact a line; what is wrong is never cut. */
export function reportText(report: FeedReport, columns: number): string {
  const { url, feed, looked } = report;
  const { answer, described, ms } = looked;
  const lines: [string, string][] = [
    ...(feed === null ? [] : [['feed', feed] as [string, string]]),
    ['url', url],
    ...(answer?.redirects ?? []).map(({ to, status }): [string, string] => [
      `→ ${status}`,
      `${to}  (${PERMANENT.has(status) ? 'for good' : 'for now'})`,
    ]),
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
    ...said([['clock', clockText(report.close)]]),
    ...(described === null
      ? []
      : ([
          ['encoding', `${described.charset}, ${FROM[described.charsetFrom]}`],
          ['dialect', dialectText(report)],
        ] as [string, string][])),
    ...readLines(report),
    ...(looked.offer === null
      ? []
      : [['hub', `${looked.offer.hub} offers to push ${looked.offer.topic}`] as [string, string]]),
    ...troubleLines(report),
    ...lastTroubleLines(report),
  ];
  const whole = new Set(['trouble', 'follows', 'has feeds', 'url', 'hub']);
  return lines
    .map(([label, text]) => {
      const room = Math.max(20, columns - LABEL_COLUMNS - 1);
      const shown = withoutPasswords(text);
      const rows = whole.has(label) ? wrap(printable(shown), room) : [fit(shown, room)];
      return rows
        .map((row, index) => `${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)} ${row}\n`)
        .join('');
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
export function reportJson(report: FeedReport): object {
  const { url, feed, looked, foreseen, backfill, close, lastTrouble, retryMs = null } = report;
  const { ms, movedTo, described, trouble, retryAfterMs } = looked;
  const headers = Object.fromEntries(headersOf(looked));
  const told =
    trouble === null ? null : { kind: trouble.kind, reason: trouble.reason, status: trouble.status };
  return {
    ...{ url, feed, ms, ...answerJson(looked), movedTo, headers },
    hub: looked.offer,
    ...{ document: described, read: readJson(looked), parsed: close, foreseen, backfill },
    ...{ trouble: told, retryAfterMs, retryMs, lastTrouble },
  };
}
