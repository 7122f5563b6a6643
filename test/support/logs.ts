import { sql } from 'kysely';
import { inject } from 'vitest';
import { contentHashOf, eventIdOf, feedId, feedStream, itemStream } from '../../src/events/ids.ts';
import type { ContentHash } from '../../src/events/ids.ts';
import { itemText } from '../../src/query/item-text.ts';
import { putContent } from '../../src/store/content.ts';
import type { Content } from '../../src/store/content.ts';
import type { Db } from '../../src/store/database.ts';
import { exportRange, wholeLog } from '../../src/store/export.ts';
import { importLog } from '../../src/store/import.ts';
import type { Imported } from '../../src/store/import.ts';
import { IMPORT_EVENTS_MAX, readLog } from '../../src/store/read-log.ts';
import { openStore } from '../../src/store/store.ts';
import type { Store } from '../../src/store/store.ts';
import { createDatabase } from './database.ts';
import { appendStored, goldenCases, goldenNames } from './golden.ts';
import { ingested, itemOf, NOON, tagged } from './events.ts';

/** Headlines that a file has to bear: four languages, controls, line ends of other worlds, what JSON escapes. */
export const HEADLINES = [
  'Lee and Takaichi meet in Nara',
  '이재명 대통령, 나라에서 정상회담',
  '高市首相、奈良で李大統領と会談',
  '李在明访华后抵达奈良',
  ',"data":{"quotes": "\\"}}',
  'tab\there, end\u2028there\u0085\u007f\u0001 😀 \u200f',
];

/** A store on a database of its own, an empty log. */
export async function openLog(): Promise<{ store: Store; url: string; close: () => Promise<void> }> {
  const database = await createDatabase(inject('postgresUrl'));
  let isClosed = false;
  const store = openStore(database.url, (error) => {
    // Ending a pool does not wait for the server's side, so that dropping the database may still cut a connection.
    if (!isClosed) throw error;
  });
  // Test databases are copies of one, and logs that were not imported are never the same.
  await sql`update sw_log.identity set log = gen_random_uuid()`.execute(store.db);
  const close = async (): Promise<void> => {
    await store.close();
    isClosed = true;
    await database.drop();
  };
  return { store, url: database.url, close };
}

/** What the log of a database is as a file. */
export async function exported(db: Db): Promise<string> {
  let text = '';
  for await (const chunk of exportRange(db, await wholeLog(db))) text += chunk.text;
  return text;
}

async function* bytesOf(text: string | Buffer): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  // In pieces that no line ends with.
  for (let start = 0; start < bytes.length; start += 1_000) {
    await Promise.resolve();
    yield bytes.subarray(start, start + 1_000);
  }
}

interface Options {
  readonly settle?: Parameters<typeof importLog>[2];
  readonly batchEvents?: number;
}

/** Imports a file into the log of a database, and gives how many events were new. */
export async function imported(
  db: Db,
  file: string | Buffer,
  { settle = (): Promise<void> => Promise.resolve(), batchEvents = IMPORT_EVENTS_MAX }: Options = {},
): Promise<number> {
  let added = 0;
  const sum = (part: Imported | null): number => (part === null ? 0 : part.to - part.from + 1);
  for await (const batch of importLog(db, readLog(bytesOf(file), batchEvents), settle, () => NOON))
    added += sum(batch.imported);
  return added;
}

const FEED = feedId('wire-en');

/** Fills a log with an event of every type in every version, HEADLINES as items, and JSON that only a database holds as it is. */
export async function fillLog(store: Store): Promise<void> {
  const golden = (await Promise.all((await goldenNames()).map(goldenCases)))
    .flat()
    .map(({ stored }) => stored);
  await appendStored(store.db, golden);
  await putContent(
    store.db,
    new Map<ContentHash, Content>([
      [contentHashOf('<html>'), { kind: 'response', body: { text: '<html>' } }],
      ...HEADLINES.map(
        (title) => [contentHashOf(title, title), itemText({ title, summary: title })] as const,
      ),
    ]),
  );
  const evidence = contentHashOf('<html>');
  const failure = { kind: 'soft', reason: HEADLINES[5] ?? '', status: 500, evidence } as const;
  const failed = { type: 'FeedFailed', id: eventIdOf('FeedFailed', 'every'), decidedAt: NOON } as const;
  const every = [
    { stream: feedStream(FEED), event: { ...failed, data: { feed: FEED, failure } } },
    { stream: itemStream(itemOf('every')), event: tagged('every', ['nara']) },
  ];
  for (const { stream, event } of every)
    await store.append([{ stream, expected: null, events: [event] }], NOON);
  const items = HEADLINES.map((title) =>
    ingested(title, { content: contentHashOf(title, title), guid: title }),
  );
  await store.append(
    // The first headline twice: what copies it brings no words of its own.
    [...items, ingested('a copy', { content: contentHashOf(HEADLINES[0] ?? '', HEADLINES[0] ?? '') })].map(
      (event) => ({
        ...{ stream: itemStream(event.data.item), expected: 0, events: [event] },
      }),
    ),
    new Date(NOON.getTime() + 1),
  );
  await appendRaw(
    store.db,
    '{"big": 123456789012345678901234567890, "one": 1.0, "huge": 1e400, "tiny": 1E-20, "z": null, "aa": "\\u0041\\ud83d\\ude00\\u0001", "a": [ ]}',
  );
}

/** An event whose data and times are what no JavaScript writes. */
async function appendRaw(db: Db, data: string): Promise<void> {
  const stream = itemStream(itemOf('every'));
  await sql`
    with added as (
      insert into sw_log.events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
      select (select max(position) from sw_log.events) + 1, ${stream}, s.version + 1, ${eventIdOf('raw')}::uuid, 'ItemTagged', 1,
             ${NOON}::timestamptz - interval '1 microsecond', ${NOON}::timestamptz + interval '1.123457 seconds',
             ${data}::jsonb || (select data from sw_log.events where stream_id = ${stream} and type = 'ItemTagged' limit 1)
        from sw_log.streams s where s.stream_id = ${stream}
      returning position, stream_id, version, event_id)
    update sw_log.streams s set version = a.version, last_position = a.position, last_event_id = a.event_id
      from added a where s.stream_id = a.stream_id`.execute(db);
}
