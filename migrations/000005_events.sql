-- The log. Positions are dense from 1: a hole is damage, never a rolled-back append.
-- Partitioned by position from the start, since a table cannot be partitioned later without copying it.
create table sw_log.events (
  position       bigint      not null primary key,
  stream_id      text        not null collate "C",
  version        bigint      not null,
  event_id       uuid        not null,
  type           text        not null collate "C",
  schema_version smallint    not null,
  decided_at     timestamptz not null,
  recorded_at    timestamptz not null,
  data           jsonb       not null
) partition by range (position);
