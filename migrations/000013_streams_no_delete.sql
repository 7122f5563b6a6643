-- A stream's version moves forward by append alone; forgetting a stream would forget what is a duplicate.
create trigger streams_no_delete before delete or truncate on sw_log.streams
  for each statement execute function sw_log.refuse_change();
