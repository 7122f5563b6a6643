import pg from 'pg';
import { connectionConfig } from './database.ts';
import { isPassing } from './errors.ts';

const CHANNEL = 'sw_log';
/** At most one NOTIFY in this time: sixteen writers that notify in their own transactions are ten times slower. */
const NOTIFY_GAP_MS = 25;
const RECONNECT_DELAY_MS = 1_000;
/** How often the end of the log is looked at, in case a NOTIFY was lost: one look for all followers of a process. */
const WATCH_EVERY_MS = 500;
const LAST_POSITION = 'select position from sw_log.events order by position desc limit 1';

/**
 * Tells followers that the log has grown: those of this process at once, those of others by NOTIFY, which goes
 * out after the commit on a connection of its own. A lost wake-up costs half a second, a lost connection one: it also
 * looks at the end of the log now and then, once for all followers.
 */
export class Wakeup {
  readonly #url: string;
  readonly #onError: (error: Error) => void;
  readonly #waiting = new Set<() => void>();
  #client: pg.Client | undefined;
  #notifyTimer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #watchTimer: NodeJS.Timeout | undefined;
  #lastPosition: number | undefined;
  #turn: Promise<void> = Promise.resolve();
  #lastNotify = 0;
  #count = 0;
  #closed = false;
  #listening: Promise<void> | undefined;

  constructor(url: string, onError: (error: Error) => void) {
    this.#url = url;
    this.#onError = onError;
  }

  /** Starts to listen for other processes' appends; reconnects by itself until closed. */
  listen(): Promise<void> {
    this.#listening ??= this.#connect();
    return this.#listening;
  }

  /** Call after a commit that appended. */
  appended(): void {
    this.#wakeAll();
    if (this.#closed || this.#notifyTimer !== undefined) return;
    const delay = Math.max(0, this.#lastNotify + NOTIFY_GAP_MS - performance.now());
    this.#notifyTimer = setTimeout(() => {
      this.#notifyTimer = undefined;
      this.#lastNotify = performance.now();
      void this.#notify();
    }, delay);
  }

  /** Counts wake-ups. Take it before looking at the log, and no append can slip in between looking and waiting. */
  get count(): number {
    return this.#count;
  }

  /** Resolves when there was a wake-up since the one numbered `seen`, after `timeoutMs`, or when aborted. */
  wait(seen: number, timeoutMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, timeoutMs);
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.#count !== seen) done();
    });
  }

  /** Sends what is pending and lets the connection go. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#reconnectTimer);
    clearTimeout(this.#watchTimer);
    if (this.#notifyTimer !== undefined) {
      clearTimeout(this.#notifyTimer);
      await this.#notify();
    }
    await this.#listening;
    await this.#turn;
    await this.#client?.end();
    this.#wakeAll();
  }

  #wakeAll(): void {
    this.#count += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  #notify(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#listening;
      await this.#client?.query(`notify ${CHANNEL}`);
    });
  }

  /** One statement after another: a connection that is given a second one meanwhile would queue them. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => {
      if (!isPassing(error)) this.#onError(error as Error);
    });
    return this.#turn;
  }

  async #connect(): Promise<void> {
    const client = new pg.Client(connectionConfig(this.#url));
    client.on('notification', () => {
      this.#wakeAll();
    });
    client.on('error', (error) => {
      this.#lost(client, error);
    });
    client.on('end', () => {
      this.#lost(client, new Error('connection for LISTEN ended'));
    });
    try {
      await client.connect();
      await client.query(`listen ${CHANNEL}`);
      this.#client = client;
      this.#watch(client);
      // What was notified while nobody listened is found now.
      this.#wakeAll();
    } catch (error) {
      this.#lost(client, error as Error);
    }
  }

  /** Looks at the end of the log every WATCH_EVERY_MS while `client` is the one that listens. */
  #watch(client: pg.Client): void {
    this.#watchTimer = setTimeout(() => {
      void this.#look(client).finally(() => {
        if (this.#client === client && !this.#closed) this.#watch(client);
      });
    }, WATCH_EVERY_MS);
  }

  #look(client: pg.Client): Promise<void> {
    return this.#inTurn(async () => {
      const { rows } = await client.query<{ position: number }>(LAST_POSITION);
      const last = rows[0]?.position;
      if (last !== this.#lastPosition) this.#wakeAll();
      this.#lastPosition = last;
    });
  }

  #lost(client: pg.Client, error: Error): void {
    if (this.#client === client) this.#client = undefined;
    if (this.#closed || this.#reconnectTimer !== undefined) return;
    this.#onError(error);
    this.#reconnectTimer = setTimeout(() => {
      this.#reconnectTimer = undefined;
      this.#listening = this.#connect();
    }, RECONNECT_DELAY_MS);
  }
}
