import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import stringWidth from 'string-width';
import { expect, test, vi } from 'vitest';
import { judgeHealth } from '../../src/cli/commands/health.ts';
import { LiveScreen } from '../../src/cli/status/live-screen.ts';
import type { Terminal } from '../../src/cli/status/live-screen.ts';
import type { Snapshot } from '../../src/cli/status/snapshot.ts';
import { statusText } from '../../src/cli/status/text.ts';
import { position } from '../../src/events/ids.ts';
import { beat } from '../../src/store/processes.ts';
import type { WorkingProcess } from '../../src/store/processes.ts';
import { openQueues } from '../../src/workers/queues.ts';
import { createLog } from '../../src/log.ts';
import { runCli } from '../support/cli.ts';
import { useStore } from '../support/store.ts';

vi.setConfig({ testTimeout: 60_000 });

const log = useStore();
const AT = new Date('2026-01-13T03:00:00Z');

function processOf(change: Partial<WorkingProcess> = {}): WorkingProcess {
  return {
    id: randomUUID(),
    host: 'loom',
    pid: 7,
    roles: ['ingest', 'classify', 'deliver', 'follow'],
    version: '1.0.0',
    halted: [],
    startedAt: new Date(AT.getTime() - 3_600_000),
    silentMs: 2_000,
    clockAheadMs: 0,
    ...change,
  };
}

const SNAPSHOT: Snapshot = {
  at: AT,
  zone: 'Asia/Seoul',
  head: position(123_456),
  eventsLastMinute: 18,
  eventsLastHour: 1_022,
  itemsToday: [
    { lang: 'ko', items: 120 },
    { lang: null, items: 3 },
  ],
  alertsToday: { raised: 12, heldBack: 40 },
  unacknowledged: 5,
  deliveriesLost: 1,
  deliveries: { open: 2, due: 1, failing: 1 },
  processes: [
    processOf(),
    processOf({ host: '직조기-서울', silentMs: 190_000 }),
    processOf({ host: '織機', halted: ['rules'] }),
  ],
  consumers: [
    {
      name: 'rules',
      lag: 17,
      halted: true,
      culprit: { position: position(123_440), type: 'ItemTagged', stream: 'item-1' },
    },
    { name: 'projection:items', lag: 0, halted: false, culprit: null },
  ],
  queues: [{ name: 'ingest', waiting: 3, delayed: 1, active: 2, failed: 4, oldestAt: AT }],
  queuesAway: null,
  feeds: {
    silent: 2,
    active: 96,
    inTrouble: 2,
    paused: 1,
    lastItemAt: new Date(AT.getTime() - 240_000),
    lastGoodPollAt: AT,
  },
};

test('a screen fits 80 and 120 columns, Chinese and Korean names too, and says what matters', () => {
  for (const columns of [80, 120]) {
    const text = statusText(SNAPSHOT, columns, '1.0.0');
    for (const line of text.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
    expect(text.split('\n').length).toBeLessThanOrEqual(30);
    expect(text).toContain('shuttlewatch 1.0.0, 2026-01-13 12:00:00 Asia/Seoul\n');
    expect(text).toMatch(/position 123456; 18 events in the last minute, 17\/min over the hour/);
    expect(text).toContain('12 raised today, 40 held back; 5 not acknowledged');
    expect(text).toContain('123 published today: ko 120, unknown 3');
    expect(text).toMatch(/직조기-서울 +7 +1\.0\.0 +SILENT +3 min ago +1 h/);
    expect(text).toMatch(/織機 +7 +1\.0\.0 +HALTED/);
    expect(text).toContain('halted      rules at position 123440, ItemTagged ("consumers" tells why)\n');
    expect(text).toMatch(/rules HALTED +17 +ingest +6 +ingest +4\n/);
    // Columns line up, wide characters or not.
    const starts = text
      .split('\n')
      .filter((line) => line.includes('1.0.0  '))
      .map((line) => stringWidth(line.slice(0, line.indexOf('1.0.0'))));
    expect(new Set(starts).size).toBe(1);
  }
});

test('queues that are away are said to be, and the rest is shown', () => {
  const text = statusText({ ...SNAPSHOT, queues: null, queuesAway: 'Redis at r:6379: gone' }, 80, '1.0.0');
  expect(text).toContain('queues      away: Redis at r:6379: gone\n');
  expect(text).not.toContain('jobs to do');
});

test('a live screen paints what fits, leaves at q or Ctrl-C, and gives the terminal back once', () => {
  let written = '';
  let raw = false;
  const listeners = new Set<(chunk: Buffer) => void>();
  const terminal: Terminal = {
    input: {
      isTTY: true,
      setRawMode: (on) => (raw = on),
      resume: () => undefined,
      pause: () => undefined,
      on: (_event, listener) => listeners.add(listener),
      off: (_event, listener) => listeners.delete(listener),
    },
    output: {
      columns: 80,
      rows: 2,
      write: (text) => (written += text),
      on: () => undefined,
      off: () => undefined,
    },
  };
  const quit = vi.fn();
  const screen = new LiveScreen(terminal, quit);
  expect(raw).toBe(true);
  screen.paint('one\ntwo\nthree\n');
  expect(written).toContain('\u001b[Hone\u001b[K\r\ntwo\u001b[K\u001b[J');
  for (const key of ['x', 'q', '\u0003']) for (const listener of listeners) listener(Buffer.from(key));
  expect(quit).toHaveBeenCalledTimes(2);
  screen.close();
  screen.close();
  expect(raw).toBe(false);
  expect(listeners.size).toBe(0);
  expect(written.split('\u001b[?1049l')).toHaveLength(2);
  screen.paint('late');
  expect(written).not.toContain('late');
});

test('health is that of the roles asked for, and of nothing halted', () => {
  const half = processOf({ roles: ['ingest'] });
  expect(judgeHealth([], [])).toMatchObject({
    well: false,
    because: 'no process works on this host: none is known',
  });
  expect(judgeHealth([processOf()], []).well).toBe(true);
  expect(judgeHealth([half], ['ingest']).well).toBe(true);
  expect(judgeHealth([half], ['ingest', 'follow'])).toEqual({
    well: false,
    because: 'nobody does follow on this host',
  });
  expect(judgeHealth([processOf({ silentMs: 21_000 })], [])).toMatchObject({ well: false });
  const halted = processOf({ halted: ['rules'] });
  expect(judgeHealth([half, halted], ['ingest', 'follow'])).toEqual({
    well: false,
    because: 'halted: rules',
  });
});

test('status, queues, consumers and health answer on the command line', async () => {
  const settings = { DATABASE_URL: log.url };
  const sick = await runCli(['health'], settings);
  expect(sick).toMatchObject({
    code: 1,
    err: '',
    out: 'not well: no process works on this host: none is known\n',
  });
  const { id, pid, roles, version, halted } = processOf();
  await beat(log.store.db, { id, host: hostname(), pid, roles, version, halted }, new Date());
  const [health, status, json] = await Promise.all([
    runCli(['health', '--roles', 'ingest,follow'], settings),
    runCli(['status'], settings),
    runCli(['status', '--json'], settings),
  ]);
  expect(health).toMatchObject({ code: 0, err: '' });
  expect(health.out).toMatch(/^well: process 7, heard of .* ago\n$/);
  expect(status).toMatchObject({ code: 0, err: '' });
  expect(status.out).toContain(hostname());
  expect(JSON.parse(json.out)).toMatchObject({
    head: 0,
    processes: [{ pid: 7 }],
    queues: ['ingest', 'pages', 'classify', 'deliver'].map((name) => ({ name })),
  });
});

test('a job that failed is listed with its reason, and put back', async () => {
  const settings = { DATABASE_URL: log.url };
  const queues = openQueues({ kind: 'postgres', url: log.url }, createLog('silent'));
  await queues.work('classify', 1, () => Promise.reject(new Error('no such words')));
  await queues.add('classify', [{ id: 'job-one', data: { items: [] } }]);
  await expect.poll(async () => (await queues.counts('classify')).failed, { timeout: 20_000 }).toBe(1);
  await queues.stopWork(5_000);
  await queues.close();
  const [list, failed] = await Promise.all([
    runCli(['queues', '--json'], settings),
    runCli(['queues', 'failed', 'classify'], settings),
  ]);
  expect(JSON.parse(list.out)).toMatchObject({
    backend: 'postgres',
    queues: [
      { failed: 0 },
      { failed: 0 },
      { name: 'classify', failed: 1, waiting: 0, oldestAt: null },
      { failed: 0 },
    ],
  });
  expect(failed.out).toMatch(/3 +job-one +no such words\n$/);
  const retried = await runCli(['queues', 'retry', '--json'], settings);
  expect(JSON.parse(retried.out)).toContainEqual({ queue: 'classify', jobs: 1 });
  const after = await runCli(['queues', '--json'], settings);
  expect(JSON.parse(after.out)).toMatchObject({ queues: [{}, {}, { failed: 0, waiting: 1 }, {}] });
});
