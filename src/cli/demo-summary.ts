import { relative } from 'node:path';
import { countSubjects, listAlerts, listFeeds } from '../query/lists.ts';
import type { ListedAlert, ListedFeed, SubjectCount } from '../query/lists.ts';
import { ANY_ITEM, countItems } from '../query/search.ts';
import type { Store } from '../store/store.ts';
import { outcomeText } from './commands/alerts.ts';
import { table } from './output.ts';

const SUBJECTS_SHOWN = 16;
const ALERTS_MAX = 1_000;
const LANGS = ['en', 'ko', 'ja', 'zh'] as const;

function subjectTable(counts: readonly SubjectCount[], columns: number): string {
  const bySubject = new Map<string, Map<string, number>>();
  for (const { subject, lang, items } of counts) {
    const langs = bySubject.get(subject) ?? new Map<string, number>();
    const primary = lang.split('-', 1)[0] ?? lang;
    langs.set(primary, (langs.get(primary) ?? 0) + items);
    bySubject.set(subject, langs);
  }
  const rows = [...bySubject]
    .map(([subject, langs]) => ({
      subject,
      langs,
      all: [...langs.values()].reduce((sum, items) => sum + items, 0),
    }))
    .sort((a, b) => b.all - a.all || a.subject.localeCompare(b.subject));
  const shown = rows
    .slice(0, SUBJECTS_SHOWN)
    .map(({ subject, langs, all }) => [
      subject,
      ...LANGS.map((lang) => (langs.get(lang) ?? 0).toString()),
      all.toString(),
    ]);
  const more = rows.length > SUBJECTS_SHOWN ? `and ${rows.length - SUBJECTS_SHOWN} more\n` : '';
  return table(['entity or topic', ...LANGS, 'items'], shown, columns) + more;
}

function heldBackLines(alerts: readonly ListedAlert[]): string {
  const reasons = new Map<string, number>();
  for (const alert of alerts) {
    const kind = alert.reason?.kind ?? '';
    reasons.set(kind, (reasons.get(kind) ?? 0) + 1);
  }
  return [...reasons].map(([kind, count]) => `${count} ${kind}`).join(', ');
}

function troubled(feeds: readonly ListedFeed[]): string {
  return feeds
    .filter((feed) => feed.failure !== null)
    .map((feed) => `  ${feed.feed}: ${feed.failure?.kind ?? ''} trouble, ${feed.failure?.reason ?? ''}\n`)
    .join('');
}

/** A folder as one would type it from here. */
function shortest(folder: string): string {
  const near = relative('', folder);
  return near.startsWith('..') ? folder : near;
}

/** What the demo has to show at its end. */
export async function demoSummary({ db }: Store, data: string, columns: number): Promise<string> {
  const feeds = await listFeeds(db);
  const raised = await listAlerts(db, { status: 'raised', rule: null, item: null, limit: ALERTS_MAX });
  const held = await listAlerts(db, { status: 'suppressed', rule: null, item: null, limit: ALERTS_MAX });
  const revisions = feeds.reduce((sum, feed) => sum + feed.revisions, 0);
  const copies = held.filter((alert) => alert.reason?.kind === 'copy');
  const sample = copies[0] ?? held[0];
  return [
    `${await countItems(db, ANY_ITEM)} items from ${feeds.length} feeds, ${revisions} revised\n\n`,
    subjectTable(await countSubjects(db), columns),
    `\nalerts so far: ${raised.length} raised, ${held.length} held back (${heldBackLines(held)})\n`,
    sample === undefined
      ? ''
      : `  e.g. ${sample.rule} on ${sample.item.slice(0, 8)}: ${outcomeText(sample)}\n`,
    `\n${feeds.filter((feed) => feed.failure === null).length} of ${feeds.length} feeds are well\n`,
    troubled(feeds),
    '\nGo on with the same data:\n',
    `  export SHUTTLEWATCH_DATA=${shortest(data)}\n`,
    '  npx shuttlewatch search --entity taiwan --lang ja\n',
    '  npx shuttlewatch timeline --topic rare-earths\n',
    `  npx shuttlewatch why ${(raised[0]?.item ?? '').slice(0, 8)}\n`,
    '  npx shuttlewatch alerts\n',
  ].join('');
}
