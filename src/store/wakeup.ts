import pg from 'pg';
import { connectionConfig } from './database.ts';
import { isPassing } from './errors.ts';

const CHANNEL = 'sw_log';
/** At most one NOTIFY in this time: sixteen writers that notify in their own transactions are ten times slower. */
const NOTIFY_GAP_MS = 25;
const RECONNECT_DELAY_MS = 1_000;

/**
 * Tells followers that the log has grown: those of this process at once, those of others by NOTIFY, which goes
 * out after the commit on a connection of its own. Losing a wake-up costs latency only, since followers poll too.
 */
export class Wakeup {
  readonly #url: string;
  readonly #onError: (error: Error) => void;
  readonly #waiting = new Set<() => void>();
  #client: pg.Client | undefined;
  #notifyTimer: NodeJS.Timeout | undefined;
  #reconnectTimer: NodeJS.Timeout | undefined;
  #notifying: Promise<void> = Promise.resolve();
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
    if (this.#notifyTimer !== undefined) {
      clearTimeout(this.#notifyTimer);
      await this.#notify();
    }
    await this.#listening?.catch(() => undefined);
    await this.#client?.end();
    this.#wakeAll();
  }

  #wakeAll(): void {
    this.#count += 1;
    for (const wake of [...this.#waiting]) wake();
  }

  /** One NOTIFY after another: a connection that is given a second statement meanwhile would queue them. */
  #notify(): Promise<void> {
    this.#notifying = this.#notifying.then(async () => {
      try {
        await this.#listening;
        await this.#client?.query(`notify ${CHANNEL}`);
      } catch (error) {
        if (!isPassing(error)) this.#onError(error as Error);
      }
    });
    return this.#notifying;
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
    } catch (error) {
      this.#lost(client, error as Error);
    }
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
