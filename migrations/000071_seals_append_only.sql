create trigger seals_append_only before update or delete on sw_log.seals
  for each row execute function sw_log.refuse_change();
