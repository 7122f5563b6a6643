/** Sealing and verifying a log, beside one bare statement that hashes the same rows: npx tsx bench/seals.ts [--events 200000] */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { migrate } from '../src/store/migrate.ts';
import { sealAll } from '../src/store/seal-log.ts';
import { openStore } from '../src/store/store.ts';
import { verify } from '../src/store/verify.ts';
import { startPostgres } from './postgres.ts';

const EVENTS_DEFAULT = 200_000;

/** Events of the size that tagged items have, written as the owner may: what is measured reads them. */
async function fill(client: pg.Client, events: number): Promise<void> {
  const data = `jsonb_build_object('item', md5(i::text), 'content', md5(i::text) || md5((-i)::text), 'copyKey', repeat(md5(i::text), 3),
    'tags', jsonb_build_array(jsonb_build_object('id', 'nara', 'kind', 'place', 'salience', 0.75, 'mentions', jsonb_build_array(
      jsonb_build_object('start', 3, 'end', 7, 'surface', 'Nara', 'field', 'title', 'alias', 'Nara', 'rule', 'latin-word')))))`;
  await client.query(`
    insert into sw_log.events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
    select i, 'item-' || md5(i::text), 1, gen_random_uuid(), 'ItemTagged', 1, now(), now(), ${data}
      from generate_series(1, ${events}) i`);
  await client.query('vacuum analyze sw_log.events');
}

/** Events a second. */
async function rate(events: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return Math.round((events * 1000) / (performance.now() - started));
}

const { values } = parseArgs({ options: { events: { type: 'string', default: EVENTS_DEFAULT.toString() } } });
const events = Number(values.events);
const postgres = await startPostgres();
const store = openStore(postgres.url, (error) => {
  throw error;
});
const client = new pg.Client({ connectionString: postgres.url });
try {
  await migrate(store.db, resolve('migrations'));
  await client.connect();
  await fill(client, events);
  const bareSql = `select count(sha256(convert_to(e::text, 'UTF8'))) from sw_log.events e`;
  await client.query(bareSql); // what follows finds the rows in memory, as this does
  const bare = await rate(events, () => client.query(bareSql));
  const sealing = await rate(events, () => sealAll(store.db, () => new Date()));
  const verifying = await rate(events, async () => {
    // Without words beside it, that is what verify finds; the time is that of the seals.
    await verify(store.db);
  });
  const line = (what: string, figure: number): string =>
    `${what.padEnd(34)}${figure.toLocaleString('en').padStart(10)} events/s  ${(figure / bare).toFixed(2)}\n`;
  process.stdout.write(
    `${events} events\n${line('bare sha256 of each row as text', bare)}${line('seal', sealing)}${line('verify', verifying)}`,
  );
} finally {
  await client.end();
  await store.close();
  await postgres.stop();
}
