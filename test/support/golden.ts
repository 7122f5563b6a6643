import { readdir, readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import { KEPT, KEPT_SHAPES } from '../../scripts/event-shapes.ts';
import type { Shapes } from '../../scripts/event-shapes.ts';
import type { Db } from '../../src/store/database.ts';
import { NOON } from './events.ts';

/** An event as the log holds it, but for what the log itself gives: position, version in the stream, recorded time. */
export interface Stored {
  readonly stream_id: string;
  readonly event_id: string;
  readonly type: string;
  readonly schema_version: number;
  readonly decided_at: string;
  readonly data: object;
}

/** A stored event, and what its data read as today. */
export interface GoldenCase {
  readonly stored: Stored;
  readonly today: object;
}

/** The golden files by name: `FeedRemoved-v1`. */
export async function goldenNames(): Promise<string[]> {
  const files = (await readdir(KEPT)).filter((file) => `${KEPT}/${file}` !== KEPT_SHAPES);
  return files.map((file) => file.replace(/\.json$/, ''));
}

/** The cases of one golden file. */
export async function goldenCases(name: string): Promise<GoldenCase[]> {
  return JSON.parse(await readFile(`${KEPT}/${name}.json`, 'utf8')) as GoldenCase[];
}

/** The shapes of all versions, as they are kept. */
export async function keptShapes(): Promise<Shapes> {
  return JSON.parse(await readFile(KEPT_SHAPES, 'utf8')) as Shapes;
}

/** Appends events in whatever version they are, in one call, as the build that wrote them did; recorded at NOON. */
export async function appendStored(db: Db, events: readonly Stored[]): Promise<void> {
  const streams = [...new Set(events.map((event) => event.stream_id))];
  const runs = streams.map((stream) => events.filter((event) => event.stream_id === stream));
  const all = runs.flat();
  const first = runs.map((_, index) => runs.slice(0, index).flat().length + 1);
  await sql`select * from sw_log.append(
    ${streams}::text[], ${streams.map(() => null)}::bigint[], ${first}::int[], ${runs.map((run) => run.length)}::int[],
    ${all.map((event) => event.event_id)}::uuid[], ${all.map((event) => event.type)}::text[],
    ${all.map((event) => event.schema_version)}::smallint[], ${all.map((event) => event.decided_at)}::timestamptz[],
    ${all.map((event) => JSON.stringify(event.data))}::jsonb[], ${NOON}::timestamptz)`.execute(db);
}
