import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import { EVERY_EVENT } from './every-event.ts';

/** Bytes of an event's digest that a seal keeps, to say which position of a damaged range it was. */
export const LEAF_BYTES = 8;

/**
 * The digest of the event in the row `e`: sha256 over these bytes, in this order.
 *
 *     position, version            8 bytes each, big-endian, signed
 *     event id                     its 16 bytes
 *     schema version               2 bytes, big-endian
 *     decided at, recorded at      8 bytes each: microseconds since 2000-01-01 00:00 UTC, big-endian, signed
 *     stream, type                 each its length in bytes of UTF-8 (4 bytes, big-endian), then the bytes
 *     data                         as PostgreSQL writes jsonb, in UTF-8: keys by length and then by bytes, ", " and ": "
 *                                  between, numbers as they were given but without exponent
 *
 * Every column is in it, lengths keep neighbours apart, and nothing depends on settings, version or place of a server.
 * Written out here and sent with each query: a function kept in the database could be changed by the same hand as the
 * rows. SQL, since the rows are there: hashing them costs less than fetching them.
 */
export const EVENT_DIGEST: RawBuilder<Buffer> = sql<Buffer>`sha256(
  int8send(e.position) || int8send(e.version) || uuid_send(e.event_id) || int2send(e.schema_version)
  || timestamptz_send(e.decided_at) || timestamptz_send(e.recorded_at)
  || int4send(octet_length(e.stream_id)) || convert_to(e.stream_id, 'UTF8')
  || int4send(octet_length(e.type)) || convert_to(e.type, 'UTF8') || convert_to(e.data::text, 'UTF8'))`;

/** A range of the log in digest. */
export interface RangeDigest {
  readonly from: number;
  readonly to: number;
  /** Events found in the range: less than it has positions where some are missing. */
  readonly events: number;
  /** sha256 over the digests of the events, one after another; null where there are none. */
  readonly root: Buffer | null;
  /** The first LEAF_BYTES of each digest. */
  readonly leaves: Buffer | null;
  /** When the last of them was recorded, in microseconds since 1970-01-01 UTC. */
  readonly recordedToUs: number | null;
}

/** One statement's digests of the ranges from `from[i]` to `to[i]`: of the log, or of a list with the same columns. */
export function rangeDigests(
  from: readonly number[],
  to: readonly number[],
  rows: RawBuilder<unknown> = EVERY_EVENT,
): RawBuilder<RangeDigest> {
  return sql<RangeDigest>`
    select r.f as "from", r.t as "to", d.events, d.root, d.leaves,
           (extract(epoch from d.recorded_to) * 1000000)::bigint as "recordedToUs"
      from unnest(${from}::bigint[], ${to}::bigint[]) as r (f, t)
     cross join lateral (
       select count(*) as events, max(recorded_at) as recorded_to,
              sha256(string_agg(digest, ''::bytea order by position)) as root,
              string_agg(substr(digest, 1, ${sql.lit(LEAF_BYTES)}), ''::bytea order by position) as leaves
         from (select e.position, e.recorded_at, ${EVENT_DIGEST} as digest
                 from ${rows} e where e.position between r.f and r.t offset 0) x) d
     order by r.f`;
}
