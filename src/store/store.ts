import { append } from './append.ts';
import type { AppendResult, Command } from './append.ts';
import { openDatabase } from './database.ts';
import type { Db } from './database.ts';
import { Wakeup } from './wakeup.ts';

/** The log of one process: a pool to read and write with, and the means to hear when the log grows. */
export interface Store {
  readonly url: string;
  readonly db: Db;
  readonly wakeup: Wakeup;
  /** append (see append.ts), then wakes followers here and elsewhere. */
  append(commands: readonly Command[], now: Date): Promise<AppendResult[]>;
  close(): Promise<void>;
}

/** Opens the store on a Postgres URL. `onError` hears of connections lost in the background; they are replaced. */
export function openStore(url: string, onError: (error: Error) => void): Store {
  const db = openDatabase(url, onError);
  const wakeup = new Wakeup(url, onError);
  return {
    url,
    db,
    wakeup,
    async append(commands, now) {
      if (commands.length === 0) return [];
      const results = await append(db, commands, now);
      if (results.some((result) => result.status === 'appended')) wakeup.appended();
      return results;
    },
    async close() {
      await wakeup.close();
      await db.destroy();
    },
  };
}
