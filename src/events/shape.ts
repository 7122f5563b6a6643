import type { EventId } from './ids.ts';

/** The shape of one kind of event: its name and what it carries. */
export interface EventShape<Type extends string, Data> {
  readonly type: Type;
  /** Derived from the cause (eventIdOf), never random: that is what makes appends idempotent. */
  readonly id: EventId;
  /** When we concluded it: the third clock. */
  readonly decidedAt: Date;
  readonly data: Readonly<Data>;
}
