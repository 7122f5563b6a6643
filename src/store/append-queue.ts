import type { StreamId } from '../events/ids.ts';
import { APPEND_CHARS_MAX, APPEND_COMMANDS_MAX, APPEND_EVENTS_MAX } from './append.ts';
import type { AppendResult, Command, EncodedCommand } from './append.ts';

/** One list of commands that was handed over, and what has become of it. */
export interface Caller {
  readonly commands: readonly Command[];
  /** Its clock. */
  readonly now: Date;
  /** What waits of it, in order. */
  readonly waiting: Waiting[];
  /** Whether some of its commands are in a call that has not answered. */
  inFlight: boolean;
  /** The answers so far; they come in the order of `commands`. */
  readonly results: AppendResult[];
  readonly resolve: (results: AppendResult[]) => void;
  readonly reject: (error: Error) => void;
}

/** A command that waits for a call, or for the answer of the one it is in. */
export interface Waiting {
  readonly caller: Caller;
  readonly command: EncodedCommand;
}

/**
 * Puts commands into batches for one call each, and keeps two orders: that of a stream (a command waits until the one
 * before it on its stream is answered, since a call may name a stream once), and that of a caller (its commands go in one
 * call, in order, or in one call after another). Callers take turns, so that a long list does not hold up the others.
 */
export class AppendQueue {
  /** Per stream, in order, what waits and what is in flight; the first is the one that may go or has gone. */
  readonly #streams = new Map<StreamId, Waiting[]>();
  /** Callers whose next command may go, in turn. */
  readonly #ready = new Set<Caller>();
  #waiting = 0;

  /** Commands that wait for a call, those that may not go yet included. */
  get waiting(): number {
    return this.#waiting;
  }

  add(command: Waiting): void {
    const { caller } = command;
    const { stream } = command.command;
    const before = this.#streams.get(stream);
    if (before === undefined) this.#streams.set(stream, [command]);
    else before.push(command);
    caller.waiting.push(command);
    this.#waiting += 1;
    this.#consider(caller);
  }

  /**
   * The next batch, within the limits of one call; empty when nothing may go now. From `share` commands on it takes no
   * further caller in.
   */
  take(share: number = APPEND_COMMANDS_MAX): Waiting[] {
    const batch: Waiting[] = [];
    let events = 0;
    let chars = 0;
    for (const caller of this.#ready) {
      if (batch.length >= share) break;
      for (let next = this.#nextOf(caller); next !== undefined; next = this.#nextOf(caller)) {
        events += next.command.events.length;
        chars += next.command.chars;
        if (batch.length === APPEND_COMMANDS_MAX || events > APPEND_EVENTS_MAX || chars > APPEND_CHARS_MAX) {
          return batch;
        }
        batch.push(next);
        caller.waiting.shift();
        this.#waiting -= 1;
        caller.inFlight = true;
        this.#ready.delete(caller);
      }
    }
    return batch;
  }

  /** The call with `batch` has answered: what waited for it may go. */
  answered(batch: readonly Waiting[]): void {
    const callers = new Set(batch.map(({ caller }) => caller));
    for (const caller of callers) caller.inFlight = false;
    for (const command of batch) this.#leave(command);
    for (const caller of callers) this.#consider(caller);
  }

  /** Takes back what waits of `caller`, and gives it. */
  withdraw(caller: Caller): Waiting[] {
    const commands = caller.waiting.splice(0);
    this.#waiting -= commands.length;
    this.#ready.delete(caller);
    for (const command of commands) this.#leave(command);
    return commands;
  }

  #nextOf(caller: Caller): Waiting | undefined {
    const next = caller.waiting[0];
    return next !== undefined && this.#streams.get(next.command.stream)?.[0] === next ? next : undefined;
  }

  #consider(caller: Caller): void {
    if (!caller.inFlight && this.#nextOf(caller) !== undefined) this.#ready.add(caller);
  }

  #leave(command: Waiting): void {
    const { stream } = command.command;
    const line = this.#streams.get(stream) ?? [];
    line.splice(line.indexOf(command), 1);
    const [next] = line;
    if (next === undefined) this.#streams.delete(stream);
    else this.#consider(next.caller);
  }
}
