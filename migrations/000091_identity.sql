-- Which log this is: the source of its events where they travel (docs/log-format.md). A copy made by import is the same log
-- and takes the id over; up to imported_to its events came with it, and are the past to every consumer here.
create table sw_log.identity (
  single      boolean primary key default true check (single),
  log         uuid    not null,
  imported_to bigint  not null default 0 check (imported_to >= 0)
);

insert into sw_log.identity (log) values (gen_random_uuid());
