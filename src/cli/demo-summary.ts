import { relative } from 'node:path';
import { countSubjects, listAlerts, listFeeds } from '../query/lists.ts';
import type { ListedAlert, SubjectCount } from '../query/lists.ts';
import { countItems } from '../query/search.ts';
import { ANY_ITEM } from '../query/sql-filter.ts';
import type { Store } from '../store/store.ts';
import { outcomeText } from './alert-text.ts';
import { troubleLines } from './feed-trouble.ts';
import { table } from './output.ts';
import { counted } from './words.ts';

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

/** What each rule said, and what it held back by reason. */
function ruleTable(alerts: readonly ListedAlert[], columns: number): string {
  const counts = new Map<string, { raised: number; backfill: number; copy: number; retagged: number }>();
  for (const { ruleTitle, reason } of alerts) {
    const count = counts.get(ruleTitle) ?? { raised: 0, backfill: 0, copy: 0, retagged: 0 };
    count[reason?.kind ?? 'raised'] += 1;
    counts.set(ruleTitle, count);
  }
  const rows = [...counts]
    .sort(([, a], [, b]) => b.raised - a.raised || b.copy - a.copy || b.backfill - a.backfill)
    .map(([title, { raised, copy, backfill }]) => [
      raised.toString(),
      copy.toString(),
      backfill.toString(),
      title,
    ]);
  return table(['raised', 'copies held back', 'backfill held back', 'rule'], rows, columns);
}

/** A folder as one would type it from here. */
function shortest(folder: string): string {
  const near = relative('', folder);
  return near.startsWith('..') ? folder : near;
}

/** What the demo has to show at its end. */
export async function demoSummary({ db }: Store, data: string, columns: number): Promise<string> {
  const feeds = await listFeeds(db);
  const alerts = await listAlerts(db, { status: null, rule: null, item: null, limit: ALERTS_MAX });
  const raised = alerts.filter((alert) => alert.status === 'raised');
  const copies = alerts.filter((alert) => alert.reason?.kind === 'copy');
  const revisions = feeds.reduce((sum, feed) => sum + feed.revisions, 0);
  return [
    `${counted((await countItems(db, ANY_ITEM)).items, 'item')} from ${counted(feeds.length, 'feed')}, ${revisions} revised\n\n`,
    subjectTable(await countSubjects(db), columns),
    `\nalerts so far: ${raised.length} raised, ${alerts.length - raised.length} held back\n`,
    ruleTable(alerts, columns),
    ...copies.map((alert) => `  ${alert.rule} on ${alert.item.slice(0, 8)}: ${outcomeText(alert)}\n`),
    `\n${feeds.filter((feed) => feed.failure === null).length} of ${counted(feeds.length, 'feed')} ${feeds.length === 1 ? 'is' : 'are'} well\n`,
    troubleLines(feeds),
    '\nGo on with the same data:\n',
    `  export SHUTTLEWATCH_DATA=${shortest(data)}\n`,
    '  npx shuttlewatch search "entity:taiwan lang:ja"\n',
    '  npx shuttlewatch timeline topic:rare-earths --split lang\n',
    `  npx shuttlewatch why ${(raised[0]?.item ?? '').slice(0, 8)}\n`,
    '  npx shuttlewatch alerts\n',
  ].join('');
}
