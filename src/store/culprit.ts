import type { Recorded } from '../events/event.ts';
import { position } from '../events/ids.ts';
import type { Position } from '../events/ids.ts';
import { isPassing, LogHole, UnhandledEvent, Unfit, UnknownEvent } from './errors.ts';

/** One batch that was handled and committed. */
export interface Step {
  readonly from: Position;
  readonly until: Position;
  /** The events that were handed over. */
  readonly handled: readonly Recorded[];
}

/** A batch that was rolled back. */
export interface Failed {
  readonly kind: 'failed';
  readonly error: Error;
  readonly from: Position;
  /** Those that were handed over; none when the log itself could not be read. */
  readonly events: readonly Recorded[];
}

/** What came of handling a batch; `none` when somebody else has the checkpoint, or it has halted. */
export type Attempt = { readonly kind: 'done'; readonly step: Step } | { readonly kind: 'none' } | Failed;

/** Handles the next batch, of at most `limit` positions. */
export type Handler = (limit: number) => Promise<Attempt>;

/** Where the log could not be read; null when something else failed. */
function unreadable({ error, events }: Failed): Position | null {
  if (events.length > 0) return null;
  return error instanceof UnknownEvent || error instanceof LogHole ? position(error.position) : null;
}

/** Whether one event may be to blame: not for what is away, for this process, nor for what failed before any was read. */
export function isBlamed(failed: Failed): boolean {
  if (isPassing(failed.error) || failed.error instanceof Unfit) return false;
  return failed.events.length > 0 || unreadable(failed) !== null;
}

/**
 * Finds the event for which `failed` failed by handling the batch again in halves: at most 2 log2(n) + 1 batches for n events.
 * What comes before it is committed on the way, since the log is handled in order in any case; `done` hears of it.
 *
 * Throws UnhandledEvent where one event fails by itself, and the error of an attempt that one event is not to blame for. Returns
 * when every half could be handled: it was too much at once.
 */
export async function findCulprit(
  handle: Handler,
  failed: Failed,
  done: (step: Step) => Promise<void>,
): Promise<void> {
  const missing = unreadable(failed);
  if (missing !== null) {
    await readUpTo(handle, failed, missing, done);
    return;
  }
  let { from, events: suspects } = failed;
  while (suspects.length > 0) {
    const half = suspects.slice(0, Math.ceil(suspects.length / 2));
    const last = half.at(-1)?.position ?? from;
    const tried = await handle(last - from);
    if (tried.kind === 'none') return;
    if (tried.kind === 'done') {
      await done(tried.step);
      from = tried.step.until;
      suspects = suspects.slice(half.length);
      continue;
    }
    if (!isBlamed(tried)) throw tried.error;
    // Somebody else has moved the checkpoint between two attempts.
    if (tried.from !== from) return;
    const [first] = half;
    if (half.length === 1 && first !== undefined)
      throw new UnhandledEvent(from, first.position, `, ${first.type} of ${first.stream}`, tried.error);
    suspects = half;
  }
}

/** Handles what can be read before `missing`, then throws for it. */
async function readUpTo(
  handle: Handler,
  failed: Failed,
  missing: Position,
  done: (step: Step) => Promise<void>,
): Promise<void> {
  const before = missing - 1 - failed.from;
  if (before > 0) {
    const tried = await handle(before);
    if (tried.kind === 'none') return;
    if (tried.kind === 'failed') {
      if (!isBlamed(tried)) throw tried.error;
      await findCulprit(handle, tried, done);
      return;
    }
    await done(tried.step);
  }
  throw new UnhandledEvent(position(missing - 1), missing, '', failed.error);
}
