-- Whether the run appended tags too that stayed as they were, and where the log ended when it got so far: of what is known of no run
-- the least is taken for true, so that it begins at the beginning.
alter table sw_work.retags
  add column is_all   boolean not null default false,
  add column ended_at bigint  not null default 0 check (ended_at >= 0);
