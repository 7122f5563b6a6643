-- On the parent, cloned to every partition: fires on direct access to a partition too.
create trigger events_append_only before update or delete on sw_log.events
  for each row execute function sw_log.refuse_change();
