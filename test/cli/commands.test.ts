import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { serveFixtures } from '../../src/cli/fixture-server.ts';
import type { FixtureServer } from '../../src/cli/fixture-server.ts';
import { items as itemsTable } from '../../src/projections/items.ts';
import { consumerOf } from '../../src/projections/projection.ts';
import { readCheckpoints } from '../../src/store/checkpoints.ts';
import { head } from '../../src/store/read.ts';
import { runCli, startCli } from '../support/cli.ts';
import type { Ran } from '../support/cli.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';
import { smallDossier } from '../support/small-dossier.ts';
import { useStore } from '../support/store.ts';

// Each test starts processes, and a busy machine takes seconds for one.
vi.setConfig({ testTimeout: 60_000 });

const log = useStore();
/** Enough that a JSON list of them does not fit into a pipe that nobody reads. */
const FILLERS = 400;
const ANDONG_URL = 'https://harbour.example/andong';

let folder = '';
let dossier = '';
let server: FixtureServer | undefined;
let imported: Ran = { code: null, out: '', err: '' };

function run(...args: string[]): Promise<Ran> {
  return runCli(args, { DATABASE_URL: log.url });
}

/** The same by a dossier that says little, for what asks nothing of ours: the real one takes half of a command's time. */
function ask(...args: string[]): Promise<Ran> {
  return runCli(args, { DATABASE_URL: log.url, SHUTTLEWATCH_DOSSIER: dossier });
}

function rss(title: string, items: readonly (readonly [title: string, link: string, day: string])[]): string {
  const entries = items.map(
    ([name, link, day]) =>
      `<item><title>${name}</title><link>${link}</link><pubDate>${new Date(day).toUTCString()}</pubDate></item>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>${title}</title>
    <link>https://x.example/</link><description>d</description><language>en</language>${entries.join('')}</channel></rss>`;
}

const ARCHIVED = [
  {
    title: 'Lee and Takaichi to meet in Andong for shuttle diplomacy',
    url: `${ANDONG_URL}?utm_source=letter`,
    date: '2026-01-20T01:00:00Z',
    source: 'Harbour',
    lang: 'en',
  },
  {
    title: '희토류 수출 통제에 한국 기업 긴장',
    url: 'https://hangang.example/1',
    date: '2026-01-21T03:00:00Z',
    source: '한강',
    lang: 'ko',
  },
  {
    title: 'Taiwan votes on its budget',
    url: 'https://harbour.example/tw',
    date: '2026-01-23',
    source: 'Harbour',
    lang: 'en',
  },
  ...Array.from({ length: FILLERS }, (_, index) => ({
    title: `Notes from the quay, number ${index}`,
    url: `https://quay.example/${index}`,
    date: '2025-12-01',
    source: 'Quay',
    lang: 'en',
  })),
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shuttlewatch-cli-'));
  dossier = await smallDossier();
  await mkdir(join(folder, 'feeds/deeper'), { recursive: true });
  await mkdir(join(folder, 'served'));
  const write = (name: string, text: string): Promise<void> => writeFile(join(folder, name), text);
  await write('archive.jsonl', ARCHIVED.map((item) => `${JSON.stringify(item)}\n`).join(''));
  await write('one.xml', rss('One', [['A dinner in Nara', 'https://one.example/1', '2026-01-14']]));
  await write('feeds/two.rss', rss('Two', [['Snow in Sapporo', 'https://two.example/1', '2026-01-15']]));
  await write(
    'feeds/deeper/three.xml',
    rss('Three', [['Rain in Busan', 'https://three.example/1', '2026-01-15']]),
  );
  await write('feeds/notes.txt', 'not a feed');
  await write('served/four.xml', rss('Four', [['Wind in Beijing', 'https://four.example/1', '2026-01-16']]));
  server = await serveFixtures({ folder: join(folder, 'served') });
  imported = await run(
    ...['ingest', '--json', '--allow-private', join(folder, 'archive.jsonl'), join(folder, 'one.xml')],
    ...[join(folder, 'feeds'), `${server.url}/four.xml`],
  );
});

afterAll(async () => {
  await server?.close();
  for (const made of [folder, dossier]) await rm(made, { recursive: true, force: true });
});

describe('ingest', () => {
  test('takes archives, feed files, folders and URLs in one go', () => {
    expect(imported.err).toMatch(/read, items: \d+/);
    expect(JSON.parse(imported.out)).toMatchObject({
      items: FILLERS + 7,
      ingested: FILLERS + 7,
      revised: 0,
      unchanged: 0,
      bad: 0,
    });
    expect(imported.code).toBe(0);
  });

  test('a second time finds nothing new, and leaves the log as it is', async () => {
    const count = sql<{ events: number }>`select count(*) as events from sw_log.events`;
    const before = await count.execute(log.store.db);
    const again = await run('ingest', '--json', join(folder, 'archive.jsonl'), join(folder, 'feeds'));
    expect(again.code).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({ ingested: 0, revised: 0, unchanged: FILLERS + 5 });
    expect((await count.execute(log.store.db)).rows).toEqual(before.rows);
  });

  test('reads on past whatever stands in an archive, names each line it cannot read, and fails in the end', async () => {
    const line = (title: string): string =>
      JSON.stringify({ title, source: 'Hostile', lang: 'en', date: '2024-01-01' });
    const bytes = Buffer.concat(
      [
        line('Escape \u001b[31mred\u0007'),
        '{"title":"NUL \\u0000 inside","source":"Hostile"}',
        '{"title":"Half \\ud83d a pair","source":"Hostile"}',
        line('Turned \u202e around'),
        line(`Long ${'x'.repeat(1_100_000)}`),
        '{"title": \u001b[31m}',
        '[1, 2]',
        'null',
        '',
        '{"title":""}',
        '{"title":42}',
        line('The last one'),
      ].map((text) => Buffer.from(`${text}\n`)),
    );
    const file = join(folder, 'hostile.jsonl');
    await writeFile(
      file,
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes, Buffer.from([0xff, 0xfe, 0x0a])]),
    );
    // Without --allow-private nothing is fetched from this machine.
    const url = `${server?.url ?? ''}/four.xml`;
    const ran = await run('ingest', '--json', file, url);
    expect(ran.code).toBe(1);
    expect(JSON.parse(ran.out)).toMatchObject({ items: 6, ingested: 6, bad: 7, badLines: 6 });
    const named = [...ran.err.matchAll(/hostile\.jsonl:(\d+): /g)].map(([, number]) => Number(number));
    expect(named).toEqual([5, 6, 7, 8, 10, 13]);
    expect(ran.err).toContain(`${url}: `);
    expect(ran.err).toContain('7 of the inputs could not be read');
    expect(ran.err.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);

    const table = await ask('search', 'published:<2024-06-01');
    expect(table.out).toContain('The last one');
    expect(table.out.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202e]/u);
  });
});

describe('what was imported', () => {
  test('is found by entity, language and time, as a table and as JSON', async () => {
    const [table, list] = await Promise.all([
      ask('search', 'entity:andong', 'lang:en', 'published:2026-01-20', '-lang:ko'),
      ask('search', '--json', '-n', '3', 'publisher:quay-example', '--facets'),
    ]);
    expect(table.code).toBe(0);
    expect(table.out.split('\n')).toHaveLength(3);
    expect(table.out).toMatch(
      /^item +published \(UTC\) +lang +publisher +tags +title\n[0-9a-f]{8} {2}2026-01-20 01:00/,
    );
    expect(table.out).toContain('Lee and Takaichi to meet in Andong for shuttle diplomacy');
    expect(table.err).toContain('1 of 1 item;');
    expect(JSON.parse(list.out)).toMatchObject({
      query: 'publisher:quay-example',
      items: [{}, {}, {}],
      facets: { publishers: [{ value: 'quay-example' }] },
    });
    expect(list.err).toContain('note: the dossier knows no publisher quay-example');
  });

  test('is paged through as lines, where each page names the next and the last names none', async () => {
    const query = ['search', '--jsonl', 'published:[2026-01-20 TO 2026-01-31]', 'feed:archive-*'];
    const first = await ask(...query, '-n', '2');
    const next = /--after (\S+)\n$/.exec(first.err)?.[1] ?? '';
    const second = await ask(...query, '-n', '2', '--after', next);
    expect(first.err).toMatch(/^2 of 3 items/m);
    expect(second.err).not.toContain('--after');
    const days = (first.out + second.out)
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { published: string }).published.slice(0, 10));
    expect(days).toEqual(['2026-01-23', '2026-01-21', '2026-01-20']);
  });

  test('comes as CSV with times in the zone of the setting, and is explained in it', async () => {
    const seoul = { DATABASE_URL: log.url, SHUTTLEWATCH_ZONE: 'Asia/Seoul' };
    const query = ['topic:rare-earths', '-lang:en', 'published:2026-01-21'];
    const [sheet, plan] = await Promise.all([
      runCli(['search', '--csv', ...query], seoul),
      runCli(['search', '--explain', ...query], seoul),
    ]);
    expect(sheet.out).toMatch(/^item,published,recorded,lang,.*\r\n[0-9a-f]{32},2026-01-21T12:00:00\+09:00,/);
    expect(plan.out).toContain('published:2026-01-21 as from 2026-01-20T15:00:00.000Z');
    expect(plan.out).toMatch(/\$1 = ".*#rare-earths.*\nplan .*Execution Time: /s);
  });

  test('is counted by day and by week, silence included', async () => {
    const window = 'published:[2026-01-20 TO 2026-01-25]';
    const [bars, weeks] = await Promise.all([
      ask('timeline', window),
      ask('timeline', '--json', '--by', 'week', '--split', 'lang', window),
    ]);
    expect(bars.out.split('\n').map((line) => line.slice(0, 18))).toEqual([
      '2026-01-20  1  ███',
      '2026-01-21  1  ███',
      '2026-01-22  0',
      '2026-01-23  1  ███',
      '2026-01-24  0',
      '2026-01-25  0',
      '',
    ]);
    expect(JSON.parse(weeks.out)).toMatchObject([{ from: '2026-01-19', items: 3, parts: {} }]);
  });

  test('is explained by the beginning of its id and by its URL, alike', async () => {
    const { rows } = await sql<{
      item: string;
    }>`select item from sw_read.items where url = ${ANDONG_URL}`.execute(log.store.db);
    const item = rows[0]?.item ?? '';
    const [byId, byUrl] = await Promise.all([
      run('why', item.slice(0, 10)),
      run('why', '--json', `${ANDONG_URL}?utm_medium=rss`),
    ]);
    expect(byId.code).toBe(0);
    expect(byId.out).toContain(`item ${item}\n`);
    expect(byId.out).toContain('ingested from archive-harbour');
    expect(byId.out).toContain('to meet in «Andong» for shuttle diplomacy');
    expect(byId.out).toContain('held back, backfill: came with an archive');
    const explained = JSON.parse(byUrl.out) as { item: string; events: { type: string }[] };
    expect(explained.item).toBe(item);
    expect(explained.events.map((event) => event.type)).toEqual(['ItemIngested', 'ItemTagged']);
  });

  test('would have alerted, was held back as backfill, and went nowhere', async () => {
    const held = await run('alerts', '--suppressed', '--json');
    const alerts = JSON.parse(held.out) as {
      status: string;
      reason: object;
      rule: string;
      deliveries: object[];
    }[];
    expect(alerts.map((alert) => alert.rule)).toContain('andong-meeting');
    for (const alert of alerts) {
      expect(alert).toMatchObject({
        status: 'suppressed',
        reason: { kind: 'backfill', backfill: 'archive' },
        deliveries: [],
      });
    }
  });

  test('lies under a feed for each source, beside the feeds of the dossier', async () => {
    const list = await run('feeds', 'list', '--json');
    const feeds = JSON.parse(list.out) as { feed: string; items: number }[];
    expect(feeds.find((feed) => feed.feed === 'archive-quay')?.items).toBe(FILLERS);
    expect(feeds.length).toBeGreaterThan(40);
  });

  test('is the same after a rebuild, which sends nothing and writes no event', async () => {
    const dump = async (): Promise<unknown> => {
      const tables = ['items', 'item_versions', 'words', 'feeds', 'alerts', 'alert_deliveries', 'rules'];
      const read = tables.map((table) =>
        sql`select t::text as line from ${sql.table(`sw_read.${table}`)} t order by 1`.execute(log.store.db),
      );
      const events = sql`select count(*) from sw_log.events`.execute(log.store.db);
      return (await Promise.all([...read, events])).map((result) => result.rows);
    };
    const before = await dump();
    const rebuilt = await run('rebuild', '--json');
    expect(rebuilt.code).toBe(0);
    expect((JSON.parse(rebuilt.out) as { projection: string }[]).map((one) => one.projection)).toEqual([
      'words',
      'items',
      'feeds',
      'rules',
      'alerts',
    ]);
    expect(await dump()).toEqual(before);
  });

  test('ends quietly when the reader of the pipe has seen enough', async () => {
    const child = startCli(['search', '--json', '-n', '1000'], {
      DATABASE_URL: log.url,
      SHUTTLEWATCH_DOSSIER: dossier,
    });
    child.stdout.once('data', () => child.stdout.destroy());
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    expect(err.replace(/^\d+ of \d+ items.*\n$/, '')).toBe('');
  });
});

test('retag brings read tables up to the log where no process follows it', async () => {
  await log.store.append([commandOf(ingested('behind'), 0)], NOON);
  const ran = await run('retag', '--json');
  expect(ran.code, ran.err).toBe(0);
  const [items] = await readCheckpoints(log.store.db, [consumerOf(itemsTable).name]);
  expect(items?.position).toBe(await head(log.store.db));
});
