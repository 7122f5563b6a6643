import type { EventType, Recorded } from '../events/event.ts';
import type { Tx } from '../store/database.ts';
import { Unfit } from '../store/errors.ts';
import type { Consumer } from '../store/follow.ts';
import type { Tables } from '../store/tables.ts';
import { isServed } from './switch.ts';
import type { Served } from './switch.ts';

export type ReadTable = Extract<keyof Tables, `sw_read.${string}`>;

/** Where tables stand: those that are served, or those that are being filled to take their place. */
export type ReadSchema = 'sw_read' | 'sw_build';

/** A read table as its projection makes it. Names stand without a schema: the table is made in one and moved to another. */
export interface TableShape {
  /** What stands between the brackets of `create table`. */
  readonly columns: string;
  /** What follows the closing bracket. */
  readonly options?: string;
  /** Statements that only pay once the table is full: `create index … on <table>`. */
  readonly whenFull: readonly string[];
}

/** Derives read tables from the log, and from nothing else: dropped and replayed, they come out byte for byte. */
export interface Projection {
  readonly name: string;
  /**
   * Goes up with every change of what the tables look like or hold. Tables of an earlier version are never written to:
   * new ones are filled beside them, and take their place when they are complete.
   */
  readonly version: number;
  /** The tables it alone writes. */
  readonly tables: Readonly<Partial<Record<ReadTable, TableShape>>>;
  readonly handles: readonly EventType[];
  /** Brings the tables in `schema` forward over a batch of events, in order. */
  apply(tx: Tx, events: readonly Recorded[], schema: ReadSchema): Promise<void>;
}

/** The names of a projection's tables. */
export function tablesOf({ tables }: Pick<Projection, 'tables'>): readonly ReadTable[] {
  return Object.keys(tables) as ReadTable[];
}

/** `table` where it stands in `schema`, typed as the served one, whose shape it has. */
export function tableIn<Table extends ReadTable>(schema: ReadSchema, table: Table): Table {
  return table.replace('sw_read.', `${schema}.`) as Table;
}

/** The tables that are served are not this build's: another has put its own in their place. */
export class OtherTables extends Unfit {
  override readonly name = 'OtherTables';
  constructor({ name, version }: Served) {
    super(
      `the read tables of ${name} are no longer those of version ${version}, which this process writes: start it anew with the build that made them`,
    );
  }
}

/** The consumer that keeps a projection up to date. */
export function consumerOf(projection: Projection): Consumer {
  return {
    name: `projection:${projection.name}`,
    handles: projection.handles,
    // Not only where there is something to write: what this version passes over another may handle.
    async check(tx) {
      if (!(await isServed(tx, projection))) throw new OtherTables(projection);
    },
    handle: (tx, events) => projection.apply(tx, events, 'sw_read'),
  };
}
