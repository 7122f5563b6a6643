import type { AppendResult, Command } from './append.ts';
import { APPEND_CALLS_MAX, Appender } from './appender.ts';
import { openDatabase, openPool } from './database.ts';
import type { Db } from './database.ts';
import { Leases } from './lease.ts';
import { Wakeup } from './wakeup.ts';

/** The log of one process: a pool to read and write with, and the means to hear when the log grows. */
export interface Store {
  readonly url: string;
  readonly db: Db;
  readonly wakeup: Wakeup;
  /** Which consumers this process works for. */
  readonly leases: Leases;
  /**
   * Appends `commands` and says of each, in order, what became of it; followers here and elsewhere are woken. `now` is
   * the recorder's clock; the log keeps it from running back, and gives commands that go together the greatest of theirs.
   *
   * Commands go with those of other callers (see appender.ts), in the order they were handed over: per stream across all
   * callers, and within one list. A list that one call cannot carry goes in several, each of them one transaction, so
   * that a crash or an error between two of them leaves a prefix: append again, what is there already answers `duplicate`.
   * Where more waits than WAITING_EVENTS_MAX, appending waits for room, first come, first served.
   *
   * Rejects with InvalidEvent or CommandTooLarge before anything of the list is written, with StoreClosed after `close`,
   * and with the driver's error when the database is away.
   */
  append(commands: readonly Command[], now: Date): Promise<AppendResult[]>;
  /** Refuses appends from now on, answers those that wait, and lets all connections go. */
  close(): Promise<void>;
}

/** Opens the store on a Postgres URL. `onError` hears of connections lost in the background; they are replaced. */
export function openStore(url: string, onError: (error: Error) => void): Store {
  const db = openDatabase(url, onError);
  const wakeup = new Wakeup(url, onError);
  const appender = new Appender(openPool(url, APPEND_CALLS_MAX, onError), () => {
    wakeup.appended();
  });
  const leases = new Leases(url, onError);
  return {
    url,
    db,
    wakeup,
    leases,
    append: (commands, now) => appender.append(commands, now),
    async close() {
      // From this moment on, whatever the rest takes.
      const drained = appender.close();
      await leases.close();
      await drained;
      await wakeup.close();
      await db.destroy();
    },
  };
}
