-- Which processes work here, where, and when they last said so. seen_at is this database's clock and own_clock the
-- process's at the same moment: the difference tells clocks that are off. Rows of the living only: one that stops
-- takes its own away, and what a killed one left is cleared by the others.
create table sw_work.processes (
  id         uuid        primary key,
  host       text        not null,
  pid        int         not null,
  roles      text[]      not null,
  version    text        not null,
  -- consumers that have halted in this process
  halted     text[]      not null,
  started_at timestamptz not null,
  seen_at    timestamptz not null,
  own_clock  timestamptz not null
);
