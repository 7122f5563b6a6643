/** The event store that the append benchmark is compared with, as its users run it. */
import assert from 'node:assert/strict';
import { dumbo } from '@event-driven-io/dumbo';
import { getPostgreSQLEventStore, readMessagesBatch } from '@event-driven-io/emmett-postgresql';
import pg from 'pg';
import type { NewsEvent } from '../src/events/event.ts';
import type { Command } from '../src/store/append.ts';

/** As many as our main pool; its own default is 10. */
const CONNECTIONS_MAX = 24;
const READ_EVENTS_MAX = 1_000;

export interface Emmett {
  append(command: Command): Promise<void>;
  /** Reads one stream; gives how many events it holds. */
  readStream(stream: string): Promise<number>;
  /**
   * Reads the first `events` events of the whole log, as its consumers do, without what they add: a pause after each
   * batch and a checkpoint after each event.
   */
  readLog(events: number): Promise<void>;
  close(): Promise<void>;
}

/** Opens Emmett on a database of its own. `onError` hears of idle connections that break. */
export async function openEmmett(url: string, onError: (error: Error) => void): Promise<Emmett> {
  const pool = new pg.Pool({ connectionString: url, max: CONNECTIONS_MAX });
  pool.on('error', onError);
  const store = getPostgreSQLEventStore(url, { connectionOptions: { pool } });
  const reader = dumbo({ connectionString: url });
  await store.schema.migrate();
  return {
    async append({ stream, expected, events }) {
      const messages = events.map((event) => ({
        type: event.type,
        data: event.data,
        metadata: { id: event.id, decidedAt: event.decidedAt.toISOString() },
      }));
      const options = expected === null ? {} : { expectedStreamVersion: BigInt(expected) };
      await store.appendToStream<{ type: NewsEvent['type']; data: NewsEvent['data'] }>(
        stream,
        messages,
        options,
      );
    },
    async readStream(stream) {
      const { events } = await store.readStream(stream);
      return events.length;
    },
    async readLog(events) {
      let seen = 0;
      for (let after = 0n; seen < events;) {
        const batch = await readMessagesBatch(reader.execute, { after, batchSize: READ_EVENTS_MAX });
        assert(batch.messages.length > 0, 'nothing more to read');
        seen += batch.messages.length;
        after = batch.currentGlobalPosition;
      }
    },
    async close() {
      await reader.close();
      await store.close();
      await pool.end();
    },
  };
}
