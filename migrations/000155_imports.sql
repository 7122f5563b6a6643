-- How far `ingest` got with a file that it has not read to its end: a killed one goes on there. A file that is read whole has no row.
create table sw_work.imports (
  -- size and a hash of the beginning: the same file under any name
  file       text        not null collate "C" primary key,
  -- bytes of the unpacked file whose items are in the log
  position   bigint      not null check (position >= 0),
  items      bigint      not null,
  updated_at timestamptz not null
);
