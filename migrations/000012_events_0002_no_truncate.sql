create trigger events_0002_no_truncate before truncate on sw_log.events_0002
  for each statement execute function sw_log.refuse_change();
