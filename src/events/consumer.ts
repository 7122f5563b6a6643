import type { EventShape } from './shape.ts';
import type { EventId, Position } from './ids.ts';

/**
 * A person lets a halted consumer go on without the event it could not handle. It stays left out: a rebuild of what the
 * consumer fills leaves it out as well.
 */
export type ConsumerSkipped = EventShape<
  'ConsumerSkipped',
  {
    /** The consumer's name. */
    consumer: string;
    /** Of the event that is left out. */
    position: Position;
    event: EventId;
    /** Its type, which this build may not know. */
    type: string;
    reason: string;
    /** Who says so, in their own words; null where nobody is named. */
    by: string | null;
  }
>;

export type ConsumerEvent = ConsumerSkipped;
