import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import pg from 'pg';
import { connectionConfig } from './database.ts';
import type { Db } from './database.ts';

/** The first half of the advisory locks that are leases; the second is the name's. 7301 is the log's. */
const LEASE_LOCK = 7302;
const CHANNEL = 'sw_lease';
/** Between two tries for what others hold, all names in one statement: after a kill the next one works as soon as that. */
const TRY_EVERY_MS = 500;
/** A connection that does not answer for so long is taken for lost, and what it held with it. */
const ANSWER_MS_MAX = 5_000;
const RECONNECT_DELAY_MS = 1_000;
/**
 * The lease ends with its connection. A host that vanishes cannot close it: PostgreSQL asks after 5 s of silence, and gives up
 * after another 6.
 */
const SESSION = `
  set tcp_keepalives_idle = 5;
  set tcp_keepalives_interval = 2;
  set tcp_keepalives_count = 3;
  listen ${CHANNEL}`;
const APPLICATION = /^shuttlewatch (\d+)@(.*)$/;
/** Asked while no lease is wanted too: a connection that is dead without a word is found out by it. */
const TRY = `
  select name, pg_try_advisory_lock(${LEASE_LOCK}, key) as held
    from unnest($1::text[], $2::int[]) as wanted (name, key)`;

/** The second half of a name's lock. Two names in 2^32 that share one would take turns, never work at once. */
function keyOf(name: string): number {
  return createHash('sha256').update(name).digest().readInt32BE(0);
}

/** The right to be the one process that works under a name. */
export interface Lease {
  /** False as soon as the connection that holds it is known to be lost. */
  readonly held: boolean;
  /** Resolves when it is held, or when aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** Gives it back, or no longer waits for it: another process has it at once. */
  release(): Promise<void>;
}

/** One who wants a lease; within a process they stand in line. */
class Claim implements Lease {
  readonly name: string;
  readonly #leases: Leases;
  readonly #waiting = new Set<() => void>();

  constructor(name: string, leases: Leases) {
    this.name = name;
    this.#leases = leases;
  }

  get held(): boolean {
    return this.#leases.isHeldBy(this);
  }

  wake(): void {
    for (const done of [...this.#waiting]) done();
  }

  wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        this.#waiting.delete(done);
        resolve();
      };
      this.#waiting.add(done);
      signal.addEventListener('abort', done);
      if (signal.aborted || this.held) done();
    });
  }

  release(): Promise<void> {
    return this.#leases.release(this);
  }
}

/**
 * The leases of one process: session-level advisory locks, all on one connection of their own, so that they end with the process
 * however it ends. Nothing is connected before the first lease is wanted. Where the connection is lost nothing is held until there is
 * another; `onError` hears of it.
 */
export class Leases {
  readonly #url: string;
  readonly #onError: (error: Error) => void;
  /** Who wants each name, the first in line first. */
  readonly #lines = new Map<string, Claim[]>();
  readonly #held = new Set<string>();
  #client: pg.Client | undefined;
  #timer: NodeJS.Timeout | undefined;
  #turn: Promise<void> = Promise.resolve();
  #isTrying = false;
  #closed = false;

  constructor(url: string, onError: (error: Error) => void) {
    this.#url = url;
    this.#onError = onError;
  }

  /** Asks for the lease on `name`; it is held when nobody else has it, and for the time until it is released. */
  claim(name: string): Lease {
    const claim = new Claim(name, this);
    const line = this.#lines.get(name);
    if (line === undefined) this.#lines.set(name, [claim]);
    else line.push(claim);
    this.#try();
    return claim;
  }

  isHeldBy(claim: Claim): boolean {
    return this.#held.has(claim.name) && this.#lines.get(claim.name)?.[0] === claim;
  }

  async release(claim: Claim): Promise<void> {
    const left = (this.#lines.get(claim.name) ?? []).filter((other) => other !== claim);
    if (left.length > 0) this.#lines.set(claim.name, left);
    else this.#lines.delete(claim.name);
    left[0]?.wake();
    await this.#inTurn(async () => {
      // Asked for again meanwhile, by somebody else in this process: then it stays.
      if (this.#lines.has(claim.name) || !this.#held.delete(claim.name)) return;
      const text = `select pg_advisory_unlock(${LEASE_LOCK}, $1), pg_notify('${CHANNEL}', '')`;
      await this.#client?.query(text, [keyOf(claim.name)]);
    });
  }

  /** Lets the connection go, and every lease with it. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#turn;
    this.#held.clear();
    await this.#client?.end();
  }

  /** Tries for what is wanted and not held, now and then every TRY_EVERY_MS; calls that come meanwhile are one. */
  #try(): void {
    if (this.#isTrying || this.#closed) return;
    this.#isTrying = true;
    clearTimeout(this.#timer);
    void this.#inTurn(async () => {
      this.#isTrying = false;
      if (this.#closed || this.#lines.size === 0) return;
      this.#client ??= await this.#connect();
      const lacked = [...this.#lines.keys()].filter((name) => !this.#held.has(name));
      const { rows } = await this.#client.query<{ name: string; held: boolean }>(TRY, [
        lacked,
        lacked.map(keyOf),
      ]);
      for (const { name, held } of rows) {
        if (!held) continue;
        this.#held.add(name);
        this.#lines.get(name)?.[0]?.wake();
      }
    }).then(() => {
      this.#tryLater(this.#client === undefined ? RECONNECT_DELAY_MS : TRY_EVERY_MS);
    });
  }

  #tryLater(ms: number): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#lines.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#try();
    }, ms);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ ...connectionConfig(this.#url), query_timeout: ANSWER_MS_MAX });
    client.on('error', (error) => {
      this.#lost(client, error);
    });
    client.on('end', () => {
      this.#lost(client, new Error('connection for leases ended'));
    });
    client.on('notification', () => {
      this.#try();
    });
    try {
      await client.connect();
      await client.query(SESSION);
      await client.query(`select set_config('application_name', $1, false)`, [
        `shuttlewatch ${process.pid}@${hostname()}`,
      ]);
      return client;
    } catch (error) {
      void client.end().catch(() => undefined);
      throw error;
    }
  }

  /** One statement after another; an error is the connection's, which is then given up. */
  #inTurn(work: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(async () => {
      const client = this.#client;
      try {
        await work();
      } catch (error) {
        // What it was waiting for is lost, as its connection has said by itself.
        if (client === undefined || client === this.#client) this.#lost(this.#client, error as Error);
      }
    });
    return this.#turn;
  }

  #lost(client: pg.Client | undefined, error: Error): void {
    if (this.#client !== client || this.#closed) return;
    this.#client = undefined;
    this.#held.clear();
    this.#onError(error);
    // What it held is free only when PostgreSQL sees it end.
    void client?.end().catch(() => undefined);
    this.#tryLater(RECONNECT_DELAY_MS);
  }
}

/** The process that works under a name. */
export interface Owner {
  readonly host: string;
  readonly pid: number;
}

/** Which process holds the lease of each of `names`; those that nobody holds are not in the answer. */
export async function readOwners(db: Db, names: readonly string[]): Promise<Map<string, Owner>> {
  const { rows } = await sql<{ name: string; application: string }>`
    select wanted.name, a.application_name as application
      from unnest(${names}::text[], ${names.map(keyOf)}::int[]) as wanted (name, key)
      join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 2
                     and l.classid::bigint = ${LEASE_LOCK} and l.objid::bigint = wanted.key::bigint & 4294967295
                     and l.database = (select oid from pg_database where datname = current_database())
      join pg_stat_activity a using (pid)`.execute(db);
  return new Map(
    rows.flatMap(({ name, application }) => {
      const [, pid, host] = APPLICATION.exec(application) ?? [];
      return pid === undefined || host === undefined ? [] : [[name, { host, pid: Number(pid) }] as const];
    }),
  );
}
