-- Rules are kept with their query now; what was kept before is derived anew from the log.
insert into sw_work.stale_projections (projection) select 'rules' where exists (select from sw_read.rules)
    on conflict do nothing;
