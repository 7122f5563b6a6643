import fc from 'fast-check';
import { expect, test } from 'vitest';
import { itemStream } from '../../src/events/ids.ts';
import { encode } from '../../src/store/append.ts';
import type { EncodedCommand } from '../../src/store/append.ts';
import { AppendQueue } from '../../src/store/append-queue.ts';
import type { Caller, Waiting } from '../../src/store/append-queue.ts';
import { ingested, itemOf, NOON } from '../support/events.ts';

type Move = { add: readonly number[] } | { answer: number } | { withdraw: number };

const moves = fc.array(
  fc.oneof(
    fc.record({ add: fc.array(fc.nat(4), { minLength: 1, maxLength: 4 }) }),
    fc.record({ answer: fc.nat(1) }),
    fc.record({ withdraw: fc.nat(9) }),
  ),
  { maxLength: 40 },
);

function callerOf(): Caller {
  const nothing = (): void => undefined;
  return {
    commands: [],
    now: NOON,
    waiting: [],
    inFlight: false,
    results: [],
    resolve: nothing,
    reject: nothing,
  };
}

function commandsOf(caller: Caller, streams: readonly number[]): Waiting[] {
  return streams.map((stream) => {
    const name = `queue ${stream}`;
    return {
      caller,
      command: encode({ stream: itemStream(itemOf(name)), expected: null, events: [ingested(name)] }),
    };
  });
}

/** A queue with at most two calls in flight, and all that came and went. */
class Model {
  readonly queue = new AppendQueue();
  readonly added: Waiting[] = [];
  readonly gone: Waiting[] = [];
  readonly callers: Caller[] = [];
  readonly flights: Waiting[][] = [];

  play(move: Move): void {
    if ('add' in move) {
      const caller = callerOf();
      this.callers.push(caller);
      for (const command of commandsOf(caller, move.add)) {
        this.added.push(command);
        this.queue.add(command);
      }
    } else if ('withdraw' in move) {
      const caller = this.callers[move.withdraw];
      const back = caller === undefined ? [] : this.queue.withdraw(caller);
      for (const command of back) this.added.splice(this.added.indexOf(command), 1);
    } else {
      this.answer(move.answer);
    }
    while (this.flights.length < 2) {
      const batch = this.queue.take();
      if (batch.length === 0) break;
      this.flights.push(batch);
      this.gone.push(...batch);
    }
  }

  answer(at: number): void {
    const [batch] = this.flights.splice(at % Math.max(1, this.flights.length), 1);
    if (batch !== undefined) this.queue.answered(batch);
  }

  /** Whether what went went in the order it was added, among those that `keyOf` gives the same key. */
  keptOrder(keyOf: (command: Waiting) => unknown): boolean {
    const place = new Map(this.added.map((command, index) => [command, index]));
    const last = new Map<unknown, number>();
    return this.gone.every((command) => {
      const at = place.get(command) ?? -1;
      const isLater = at > (last.get(keyOf(command)) ?? -1);
      last.set(keyOf(command), at);
      return isLater;
    });
  }
}

test('no stream is in flight twice, streams and callers keep their order, and nothing is left behind', () => {
  fc.assert(
    fc.property(moves, (played) => {
      const model = new Model();
      for (const move of played) {
        model.play(move);
        const streams = model.flights.flat().map(({ command }) => command.stream);
        expect(new Set(streams).size).toBe(streams.length);
        const callers = model.flights.flatMap((batch) => [...new Set(batch.map(({ caller }) => caller))]);
        expect(new Set(callers).size).toBe(callers.length);
      }
      while (model.flights.length > 0) model.play({ answer: 0 });
      expect(new Set(model.gone)).toEqual(new Set(model.added));
      expect(model.keptOrder(({ command }) => command.stream)).toBe(true);
      expect(model.keptOrder(({ caller }) => caller)).toBe(true);
    }),
  );
});

/** Commands of one event each, no stream twice. */
function apart(caller: Caller, count: number): Waiting[] {
  const streams = Array.from({ length: count }, (_, index) => index);
  return commandsOf(caller, streams);
}

test('a batch keeps within the commands, the events and the characters of one call', () => {
  const sizes = (change: (command: EncodedCommand) => EncodedCommand): number[] => {
    const queue = new AppendQueue();
    for (const { caller, command } of apart(callerOf(), 601)) queue.add({ caller, command: change(command) });
    const found: number[] = [];
    for (let batch = queue.take(); batch.length > 0; batch = queue.take()) {
      found.push(batch.length);
      queue.answered(batch);
    }
    return found;
  };
  const repeat = <T>(values: readonly T[], times: number): T[] =>
    Array.from({ length: times }, () => values).flat();
  expect(sizes((command) => command)).toEqual([500, 101]);
  expect(sizes((command) => ({ ...command, events: repeat(command.events, 20) }))).toEqual([250, 250, 101]);
  expect(sizes((command) => ({ ...command, chars: 16_777_216 / 300 }))).toEqual([300, 300, 1]);
});

test('a command that is encoded is not encoded again', () => {
  const [waiting] = apart(callerOf(), 1);
  expect(encode(waiting?.command as EncodedCommand)).toBe(waiting?.command);
});
