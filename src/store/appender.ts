import type pg from 'pg';
import { callAppend, encode } from './append.ts';
import type { AppendResult, Command, EncodedCommand, Run } from './append.ts';
import { AppendQueue } from './append-queue.ts';
import type { Caller, Waiting } from './append-queue.ts';
import { isPassing, StoreClosed } from './errors.ts';

/** Calls of the append function at a time: while one holds the lock on positions, the next travels and waits for it. */
export const APPEND_CALLS_MAX = 2;
/**
 * Commands from which on two calls do better than one: callers that come together would otherwise stay together, and
 * encode while nobody inserts. The fixed cost of a call is that of about twenty commands.
 */
const SPLIT_COMMANDS_MIN = 64;
/** Events that one process holds for its calls, those in flight included; who comes then waits for room. */
export const WAITING_EVENTS_MAX = 10_000;
/** Characters of their JSON. */
export const WAITING_CHARS_MAX = 67_108_864;

/** How much waits, or may wait. */
export interface Load {
  readonly events: number;
  readonly chars: number;
}

/** What one process may hold, unless told otherwise. */
const ROOM: Load = { events: WAITING_EVENTS_MAX, chars: WAITING_CHARS_MAX };

/**
 * Appends for all callers of one process, in few large calls: at most APPEND_CALLS_MAX are in flight, and what is handed
 * over meanwhile makes up the next. There is no timer, so who comes alone goes at once. A call costs its journey, its
 * commit and its turn at the lock on positions, however much it carries.
 *
 * It uses connections of its own: were they the main pool's, appends would wait for consumers whose transactions hold
 * every connection while they themselves wait for an append.
 */
export class Appender {
  readonly #pool: pg.Pool;
  readonly #appended: () => void;
  readonly #room: Load;
  readonly #queue = new AppendQueue();
  /** Callers whose commands are not all in the queue yet, in the order they came. */
  readonly #door = new Set<Caller>();
  /** The commands of the first at the door, and how many of them are in the queue: nobody else's JSON is held outside it. */
  #first: { readonly caller: Caller; readonly commands: readonly EncodedCommand[]; admitted: number } | null =
    null;
  /** Callers that wait for an answer. */
  readonly #callers = new Set<Caller>();
  readonly #load = { events: 0, chars: 0 };
  #inFlight = 0;
  #isAwake = false;
  #drained: () => void = () => undefined;
  #closing: Promise<void> | undefined;

  /**
   * Takes over `pool`, of APPEND_CALLS_MAX connections. `appended` is called after each commit that appended. `room`
   * must hold what one call carries.
   */
  constructor(pool: pg.Pool, appended: () => void, room: Load = ROOM) {
    this.#pool = pool;
    this.#appended = appended;
    this.#room = room;
  }

  /** What waits in the queue or is in flight; never more than there is room for. */
  get load(): Load {
    return { ...this.#load };
  }

  /** As `Store.append`. */
  append(commands: readonly Command[], now: Date): Promise<AppendResult[]> {
    if (this.#closing !== undefined) return Promise.reject(new StoreClosed());
    if (commands.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const caller = { commands, now, waiting: [], inFlight: false, results: [], resolve, reject };
      this.#callers.add(caller);
      this.#door.add(caller);
      this.#wake();
    });
  }

  /** Refuses what comes from now on, answers everybody who is waiting, then lets the connections go. */
  close(): Promise<void> {
    this.#closing ??= this.#drain().then(() => this.#pool.end());
    return this.#closing;
  }

  async #drain(): Promise<void> {
    if (this.#callers.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#drained = resolve;
    });
  }

  /** After all code that is about to run has run: callers that come together go together. */
  #wake(): void {
    if (this.#isAwake) return;
    this.#isAwake = true;
    setImmediate(() => {
      this.#isAwake = false;
      this.#admit();
      this.#dispatch();
    });
  }

  /** Lets callers in while there is room, each in full before the next. */
  #admit(): void {
    for (const caller of this.#door) {
      if (this.#first?.caller !== caller && !this.#open(caller)) continue;
      if (!this.#enter()) return;
      this.#door.delete(caller);
    }
  }

  /** Encodes all commands of a caller before any is written. One whose events cannot be stored is sent away alone. */
  #open(caller: Caller): boolean {
    try {
      this.#first = { caller, commands: caller.commands.map(encode), admitted: 0 };
      return true;
    } catch (error) {
      this.#fail(caller, error as Error);
      return false;
    }
  }

  /** Puts commands of the first at the door into the queue; false when there is no room for all. */
  #enter(): boolean {
    for (const first = this.#first; first !== null; first.admitted += 1) {
      const command = first.commands[first.admitted];
      if (command === undefined) break;
      if (!this.#hasRoom(command)) return false;
      this.#queue.add({ caller: first.caller, command });
      this.#load.events += command.events.length;
      this.#load.chars += command.chars;
    }
    this.#first = null;
    return true;
  }

  #hasRoom({ events, chars }: EncodedCommand): boolean {
    const { events: held, chars: heldChars } = this.#load;
    return held + events.length <= this.#room.events && heldChars + chars <= this.#room.chars;
  }

  #dispatch(): void {
    while (this.#inFlight < APPEND_CALLS_MAX) {
      const { waiting } = this.#queue;
      const free = APPEND_CALLS_MAX - this.#inFlight;
      const batch = this.#queue.take(waiting < SPLIT_COMMANDS_MIN ? waiting : Math.ceil(waiting / free));
      if (batch.length === 0) return;
      this.#inFlight += 1;
      void this.#fly(batch);
    }
  }

  async #fly(batch: readonly Waiting[]): Promise<void> {
    await this.#call(batch);
    this.#inFlight -= 1;
    this.#queue.answered(batch);
    this.#release(batch);
    this.#wake();
  }

  /**
   * One call, and what becomes of those in it. All get the greatest clock among them: it is what the log would give all
   * but the first few anyway, as recorded time never runs back, and what is committed at once is recorded at once.
   *
   * Where the database is away, the call fails for all in it. Where what was asked is at fault, each caller is tried
   * alone, so that it fails for that one only: a call is one transaction, and nothing of it was kept.
   */
  async #call(batch: readonly Waiting[]): Promise<void> {
    const callers = new Set(batch.map(({ caller }) => caller));
    const now = new Date(Math.max(...Array.from(callers, (caller) => caller.now.getTime())));
    try {
      const commands = batch.map(({ command }) => command);
      // The pool, unlike Kysely on it, drops a connection on which a statement failed: a dying one would fail the next call.
      const run: Run = (text, values) => this.#pool.query(text, values);
      const results = await callAppend(run, commands, now, false);
      if (results.some(({ status }) => status === 'appended')) this.#appended();
      for (const [at, result] of results.entries()) batch[at]?.caller.results.push(result);
      for (const caller of callers) this.#answer(caller);
    } catch (error) {
      if (callers.size === 1 || isPassing(error)) {
        for (const caller of callers) this.#fail(caller, error as Error);
      } else {
        for (const one of callers) await this.#call(batch.filter(({ caller }) => caller === one));
      }
    }
  }

  #answer(caller: Caller): void {
    if (caller.results.length < caller.commands.length) return;
    this.#leave(caller);
    caller.resolve(caller.results);
  }

  /** What was appended of a caller's list stays, and is a prefix of it; the rest is not tried. */
  #fail(caller: Caller, error: Error): void {
    this.#release(this.#queue.withdraw(caller));
    if (this.#first?.caller === caller) this.#first = null;
    this.#door.delete(caller);
    this.#leave(caller);
    caller.reject(error);
  }

  #leave(caller: Caller): void {
    this.#callers.delete(caller);
    if (this.#callers.size === 0) this.#drained();
  }

  #release(commands: readonly Waiting[]): void {
    for (const { command } of commands) {
      this.#load.events -= command.events.length;
      this.#load.chars -= command.chars;
    }
  }
}
