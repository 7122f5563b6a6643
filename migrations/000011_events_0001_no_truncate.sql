-- TRUNCATE triggers are not cloned, so each partition carries its own.
create trigger events_0001_no_truncate before truncate on sw_log.events_0001
  for each statement execute function sw_log.refuse_change();
