-- Hashes of texts that were taken down: they are not kept again, whoever brings them. Filled by a consumer of the log.
create table sw_work.taken_down (
  hash     text   collate "C" primary key,
  -- of the event that says why
  position bigint not null
);
