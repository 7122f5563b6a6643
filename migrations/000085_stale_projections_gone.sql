-- Versions say it now.
drop table sw_work.stale_projections;
