/** The baseline of batches: the same rows in multi-row inserts by `pg` alone. */
import pg from 'pg';
import type { Command } from '../src/store/append.ts';
import { inTurns } from './append-callers.ts';

/** The log's columns and both its keys, and nothing that guards them. */
const TABLE = 'create table bench_events (like sw_log.events including indexes)';
const COLUMNS = 9;

export interface Bare {
  /** Inserts each list of commands in one statement, over as many connections as there are writers. */
  append(lists: readonly (readonly Command[])[]): Promise<void>;
  close(): Promise<void>;
}

function valuesOf({ stream, events }: Command, position: number, now: string): unknown[] {
  return events.flatMap((event, at) => [
    position + at,
    stream,
    at + 1,
    event.id,
    event.type,
    1,
    event.decidedAt.toISOString(),
    now,
    JSON.stringify(event.data),
  ]);
}

/** `url` is that of a database with the log's schema. */
export async function openBare(url: string, writers: number): Promise<Bare> {
  const clients = Array.from({ length: writers }, () => new pg.Client({ connectionString: url }));
  await Promise.all(clients.map((client) => client.connect()));
  await clients[0]?.query(TABLE);
  let position = 1;
  const insert = async (client: pg.Client, commands: readonly Command[]): Promise<void> => {
    const now = new Date().toISOString();
    const values = commands.flatMap((command) => {
      const first = position;
      position += command.events.length;
      return valuesOf(command, first, now);
    });
    const rows = Array.from(
      { length: values.length / COLUMNS },
      (_, row) =>
        `(${Array.from({ length: COLUMNS }, (__, column) => `$${row * COLUMNS + column + 1}`).join()})`,
    );
    await client.query(`insert into bench_events values ${rows.join()}`, values);
  };
  return {
    append: (lists) => inTurns(clients, lists, insert),
    async close() {
      await Promise.all(clients.map((client) => client.end()));
    },
  };
}
