-- Projections whose tables a migration has changed: what stands in them is not yet what this schema promises. They are
-- rebuilt on the next way in, before anything is answered.
create table sw_work.stale_projections (
  projection text collate "C" primary key
);
