-- Under one hash there is one text. Deleting is what a takedown does; changing would be a lie.
create trigger content_unchanging before update on sw_log.content
  for each row execute function sw_log.refuse_change();
