-- The import into this log that has not come to the end of its file; at most one. Meanwhile the log is the beginning of another,
-- and whatever is appended to it would keep the rest out for good.
create table sw_work.importing (
  single  boolean primary key default true check (single),
  log     uuid        not null,
  -- the last position of the file
  ends_at bigint      not null check (ends_at > 0),
  since   timestamptz not null
);
