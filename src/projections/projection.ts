import type { EventType, Recorded } from '../events/event.ts';
import type { Tx } from '../store/database.ts';
import type { Consumer } from '../store/follow.ts';
import type { Tables } from '../store/tables.ts';

export type ReadTable = Extract<keyof Tables, `sw_read.${string}`>;

/** Derives read tables from the log, and from nothing else: dropped and replayed, they come out byte for byte. */
export interface Projection {
  readonly name: string;
  /** The tables it alone writes. */
  readonly tables: readonly ReadTable[];
  readonly handles: readonly EventType[];
  /** Brings the tables forward over a batch of events, in order. */
  apply(tx: Tx, events: readonly Recorded[]): Promise<void>;
}

/** The consumer that keeps a projection up to date. */
export function consumerOf(projection: Projection): Consumer {
  return {
    name: `projection:${projection.name}`,
    handles: projection.handles,
    handle: (tx, events) => projection.apply(tx, events),
  };
}
