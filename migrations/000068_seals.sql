-- Tamper evidence: each row seals a range of at most 1,000 events and, through prev, every range before it. What exactly
-- is hashed stands in src/store/digest.ts and src/store/seals.ts, so that anybody can derive it again.
create table sw_log.seals (
  seal          bigint      primary key,
  from_position bigint      not null unique,
  to_position   bigint      not null unique,
  -- when the log recorded the last event of the range
  recorded_to   timestamptz not null,
  -- over the whole digests of the events in the range
  root          bytea       not null check (octet_length(root) = 32),
  -- the first 8 bytes of each event's digest, in order: they say which position of a damaged range it was
  leaves        bytea       not null,
  prev          bytea       not null check (octet_length(prev) = 32),
  hash          bytea       not null unique check (octet_length(hash) = 32),
  check (from_position between 1 and to_position),
  check (octet_length(leaves) = 8 * (to_position - from_position + 1))
);
