import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { EventId, StreamId } from '../../src/events/ids.ts';
import type { AppendStatus, Command } from '../../src/store/append.ts';
import { head, readStreams } from '../../src/store/read.ts';
import { ingested, NOON } from '../support/events.ts';
import { useStore } from '../support/store.ts';

const log = useStore();
const STREAMS = 5;
const IDS = 7;

/** Few streams and few ids, so that repeats and conflicts are the rule. */
const steps = fc.uniqueArray(
  fc.record({
    stream: fc.nat(STREAMS - 1),
    expected: fc.oneof(fc.constant(null), fc.nat(4)),
    ids: fc.array(fc.nat(IDS - 1), { minLength: 1, maxLength: 3 }),
  }),
  { selector: ({ stream }) => stream, minLength: 1 },
);

interface Held {
  readonly ids: EventId[];
  last: number | null;
}

/** What the append function says it does, for streams that are lists of ids. */
class Model {
  readonly streams = new Map<StreamId, Held>();
  end: number;

  constructor(end: number) {
    this.end = end;
  }

  append({ stream, expected, events }: Command): [AppendStatus, number, number | null] {
    const held = this.streams.get(stream) ?? { ids: [], last: null };
    const ids = events.map(({ id }) => id);
    const status = this.#judge(held.ids, expected, ids);
    if (status === 'appended') {
      held.ids.push(...ids);
      this.end += ids.length;
      held.last = this.end;
      this.streams.set(stream, held);
    }
    return [status, held.ids.length, held.last];
  }

  #judge(held: readonly EventId[], expected: number | null, ids: readonly EventId[]): AppendStatus {
    const [first] = ids;
    if (held.length === 0) return (expected ?? 0) === 0 ? 'appended' : 'conflict';
    if (held.at(-1) === ids.at(-1)) return 'duplicate';
    if (expected === held.length) return 'appended';
    if (first !== undefined && held.includes(first)) return 'duplicate';
    return expected === null ? 'appended' : 'conflict';
  }
}

let run = 0;

test('appends, repeats and conflicts are told apart, and leave what they say, whatever comes in one call', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { minLength: 1, maxLength: 5 }), async (calls) => {
      run += 1;
      const name = (stream: number): StreamId => `item-model-${run}-${stream}` as StreamId;
      const idOf = (id: number): EventId =>
        `00000000-0000-8000-8000-${String(run * IDS + id).padStart(12, '0')}` as EventId;
      const model = new Model(await head(log.store.db));
      for (const call of calls) {
        const commands = call.map(({ stream, expected, ids }) => ({
          stream: name(stream),
          expected,
          events: ids.map((id) => ({ ...ingested(`model "${id}" \\ 奈良`), id: idOf(id) })),
        }));
        const expected = commands.map((command) => model.append(command));
        const results = await log.store.append(commands, NOON);
        expect(results.map(({ status, version, position }) => [status, version, position])).toEqual(expected);
      }
      const kept = await readStreams(log.store.db, [...model.streams.keys()]);
      for (const [stream, { ids, last }] of model.streams) {
        const events = kept.get(stream) ?? [];
        expect(events.map(({ id }) => id)).toEqual(ids);
        expect(events.map(({ version }) => version)).toEqual(ids.map((_, index) => index + 1));
        expect(events.at(-1)?.position).toBe(last);
        expect(events[0]?.data).toMatchObject({
          guid: expect.stringMatching(/^model "\d" \\ 奈良$/) as unknown,
        });
      }
      expect(await head(log.store.db)).toBe(model.end);
    }),
    { numRuns: 60 },
  );
});
