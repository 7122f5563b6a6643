-- The version of each projection whose tables stand in sw_read.
create table sw_work.projections (
  projection text collate "C" primary key,
  version    int         not null,
  since      timestamptz not null
);
