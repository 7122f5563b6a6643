-- Which event a halted consumer could not handle, and since when it has stood still: the checkpoint is just before it.
-- Null while it runs; a position without a type is one that is missing from the log.
alter table sw_log.checkpoints
  add column halted_position bigint,
  add column halted_type     text,
  add column halted_stream   text,
  add column halted_at       timestamptz;
