import { countLists } from '../columns.ts';
import type { CountList } from '../columns.ts';
import { zonedSecond } from '../moment.ts';
import { printableEnd, table } from '../output.ts';
import { agoText, counted, durationText } from '../words.ts';
import { wrap } from '../wrap.ts';
import { LATE_MS_MIN, SILENT_MS_MAX } from '../../workers/heartbeat.ts';
import type { Snapshot } from './snapshot.ts';

const LABEL_COLUMNS = 12;
/** Where there is no terminal. */
const COLUMNS_DEFAULT = 100;
const PROCESSES_SHOWN_MAX = 20;

type Line = readonly [label: string, text: string];

function languages({ itemsToday }: Snapshot): string {
  const total = itemsToday.reduce((sum, { items }) => sum + items, 0);
  const parts = itemsToday.map(({ lang, items }) => `${lang ?? 'unknown'} ${items}`);
  return `${total} published today${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}

function deliveries({ deliveries: { open, due, failing }, deliveriesLost }: Snapshot): string {
  if (open + deliveriesLost === 0) return 'nothing waits';
  const parts = [
    `${open} on the way`,
    `${due} due`,
    `${failing} failing`,
    `${deliveriesLost} given up today`,
  ];
  return parts.join(', ');
}

function feeds({ feeds: state, at }: Snapshot): string {
  const { active, inTrouble, silent, paused, lastItemAt, lastGoodPollAt } = state;
  const counts = [
    `${active} active`,
    `${inTrouble} in trouble`,
    ...(silent > 0 ? [`${silent} silent for too long ("feeds" tells which)`] : []),
    ...(paused > 0 ? [`${paused} paused`] : []),
  ].join(', ');
  return `${counts}; last good poll ${agoText(lastGoodPollAt, at)}, last new item ${agoText(lastItemAt, at)}`;
}

function halts({ consumers }: Snapshot): Line[] {
  const halted = consumers.filter((consumer) => consumer.halted);
  if (halted.length === 0) return [];
  const texts = halted.map(({ name, culprit }) =>
    culprit === null
      ? name
      : `${name} at position ${culprit.position}, ${culprit.type ?? 'which is missing'}`,
  );
  return [['halted', `${texts.join('; ')} ("consumers" tells why)`]];
}

function lines(snapshot: Snapshot): Line[] {
  const { head, eventsLastMinute, eventsLastHour, alertsToday, unacknowledged, queuesAway } = snapshot;
  const perMinute = (eventsLastHour / 60).toFixed(eventsLastHour < 600 ? 1 : 0);
  return [
    [
      'log',
      `position ${head}; ${counted(eventsLastMinute, 'event')} in the last minute, ${perMinute}/min over the hour`,
    ],
    ['items', languages(snapshot)],
    [
      'alerts',
      `${alertsToday.raised} raised today, ${alertsToday.heldBack} held back; ${unacknowledged} not acknowledged`,
    ],
    ['deliveries', deliveries(snapshot)],
    ['feeds', feeds(snapshot)],
    ...halts(snapshot),
    ...(queuesAway === null ? [] : [['queues', `away: ${queuesAway}`] as const]),
  ];
}

function labelled([label, text]: Line, columns: number): string {
  return wrap(printableEnd(text), columns - LABEL_COLUMNS)
    .map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL_COLUMNS)}${line}\n`)
    .join('');
}

function stateOf(silentMs: number, isHalted: boolean): string {
  if (silentMs > SILENT_MS_MAX) return 'SILENT';
  if (isHalted) return 'HALTED';
  return silentMs > LATE_MS_MIN ? 'late' : 'well';
}

function processes({ processes: all, at }: Snapshot, columns: number): string {
  if (all.length === 0)
    return labelled(['processes', 'none works here: "shuttlewatch up" starts one'], columns);
  const rows = all
    .slice(0, PROCESSES_SHOWN_MAX)
    .map(({ host, pid, startedAt, silentMs, roles, halted, version }) => {
      const state = stateOf(silentMs, halted.length > 0);
      const upMs = at.getTime() - startedAt.getTime();
      const beat = `${durationText(silentMs)} ago`;
      return [host, pid.toString(), version, state, beat, durationText(Math.max(0, upMs)), roles.join(' ')];
    });
  const more = all.length - rows.length;
  const head = ['host', 'pid', 'version', 'state', 'last beat', 'up', 'roles'];
  return table(head, rows, columns) + (more > 0 ? `and ${more} more\n` : '');
}

function lists({ consumers, queues }: Snapshot): CountList[] {
  const behind = consumers.map(({ name, lag, halted }) => ({
    name: halted ? `${name} HALTED` : name,
    items: lag,
  }));
  const jobs = (queues ?? []).map(({ name, waiting, delayed, active }) => ({
    name,
    items: waiting + delayed + active,
  }));
  const failed = (queues ?? []).map((queue) => ({ name: queue.name, items: queue.failed }));
  return [
    { title: 'events behind', rows: behind, more: null },
    { title: 'jobs to do', rows: jobs, more: null },
    { title: 'jobs failed', rows: failed, more: null },
  ];
}

/** A snapshot as one screen of `columns` columns (no number: as wide as is easy to read). */
export function statusText(snapshot: Snapshot, columns: number, version: string): string {
  const width = Number.isFinite(columns) ? columns : COLUMNS_DEFAULT;
  const title = `shuttlewatch ${version}, ${zonedSecond(snapshot.at, snapshot.zone)}\n`;
  const facts = lines(snapshot)
    .map((line) => labelled(line, width))
    .join('');
  return [title, facts, processes(snapshot, width), countLists(lists(snapshot), width)]
    .filter((part) => part !== '')
    .join('\n');
}
