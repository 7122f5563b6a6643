-- On the parent, cloned to every partition that is attached.
create trigger events_append_only before update or delete on sw_archive.events
  for each row execute function sw_log.refuse_change();
