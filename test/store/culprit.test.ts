import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Recorded } from '../../src/events/event.ts';
import { position } from '../../src/events/ids.ts';
import { findCulprit, isBlamed } from '../../src/store/culprit.ts';
import type { Attempt, Failed, Step } from '../../src/store/culprit.ts';
import { UnhandledEvent } from '../../src/store/errors.ts';
import { commandOf, ingested, NOON } from '../support/events.ts';

function eventAt(at: number): Recorded {
  const event = ingested(`culprit ${at}`);
  return { ...event, position: position(at), stream: commandOf(event).stream, version: 1, recordedAt: NOON };
}

/** A log of `events` that is handled as the store would, where `refuses` says which batches are rolled back. */
class Place {
  at = 0;
  attempts = 0;
  readonly handled: number[] = [];
  readonly #events: readonly Recorded[];
  readonly #end: number;
  readonly #refuses: (events: readonly Recorded[]) => boolean;

  constructor(events: readonly Recorded[], end: number, refuses: (events: readonly Recorded[]) => boolean) {
    this.#events = events;
    this.#end = end;
    this.#refuses = refuses;
  }

  handle = (limit: number): Promise<Attempt> => {
    this.attempts += 1;
    const from = position(this.at);
    const until = position(Math.min(this.#end, from + limit));
    const events = this.#events.filter((event) => event.position > from && event.position <= until);
    if (this.#refuses(events))
      return Promise.resolve({ kind: 'failed', error: new Error('no'), from, events });
    this.at = until;
    this.handled.push(...events.map((event) => event.position));
    return Promise.resolve({ kind: 'done', step: { from, until, handled: events } });
  };
}

/** Follows to `end` as a follower does, noting in `told` what was committed. */
async function followTo(end: number, place: Place, told: number[]): Promise<null> {
  const done = ({ handled }: Step): Promise<void> => {
    told.push(...handled.map((event) => event.position));
    return Promise.resolve();
  };
  while (place.at < end) {
    const tried = await place.handle(end - place.at);
    if (tried.kind === 'failed') await findCulprit(place.handle, tried, done);
    if (tried.kind === 'done') await done(tried.step);
  }
  return null;
}

const logs = fc.record({
  end: fc.integer({ min: 1, max: 200 }),
  share: fc.constantFrom(1, 2, 7),
  bad: fc.array(fc.nat(199), { maxLength: 3 }),
  atOnce: fc.option(fc.integer({ min: 1, max: 50 }), { nil: Infinity }),
});

test('the first event that fails by itself is named, and all before it is handled once, in few attempts', async () => {
  await fc.assert(
    fc.asyncProperty(logs, async ({ end, share, bad, atOnce }) => {
      const positions = Array.from({ length: end }, (_, index) => index + 1).filter((at) => at % share === 0);
      const culprits = new Set(bad.filter((at) => at % share === 0));
      const place = new Place(
        positions.map(eventAt),
        end,
        (events) => events.length > atOnce || events.some((event) => culprits.has(event.position)),
      );
      const told: number[] = [];
      const found = await followTo(end, place, told).catch((error: unknown) => error);
      const first = positions.find((at) => culprits.has(at));
      if (first === undefined) expect(found).toBeNull();
      else expect(found).toMatchObject({ name: 'UnhandledEvent', position: first, from: place.at });
      expect(place.handled).toEqual(positions.filter((at) => at < (first ?? Infinity)));
      expect(told).toEqual(place.handled);
      // One attempt that fails, the search, and one for what is behind a search that finds nobody.
      if (atOnce === Infinity)
        expect(place.attempts).toBeLessThanOrEqual(2 + 2 * Math.ceil(Math.log2(positions.length + 1)));
    }),
  );
});

test('a database that goes away while the event is looked for is nobody’s fault', async () => {
  const away = Object.assign(new Error('gone'), { code: '57P01' });
  const events = [eventAt(1), eventAt(2)];
  const failed: Failed = { kind: 'failed', error: new Error('no'), from: position(0), events };
  const finding = findCulprit(
    () => Promise.resolve({ ...failed, error: away }),
    failed,
    () => Promise.resolve(),
  );
  await expect(finding).rejects.toBe(away);
  expect(isBlamed({ ...failed, error: away })).toBe(false);
  expect(isBlamed({ ...failed, events: [] })).toBe(false);
  await expect(finding).rejects.not.toBeInstanceOf(UnhandledEvent);
});
