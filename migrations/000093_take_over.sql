-- Notes that this log is p_log and that its events up to p_to were imported. An empty log becomes any other, one with events
-- never does, and what was imported stays so: with the rights of its owner, so that an application role can import and still
-- change nothing of what is there.
create function sw_log.take_over(p_log uuid, p_to bigint) returns void
language plpgsql volatile security definer
set search_path = sw_log, pg_catalog
as $$
declare
  v_head bigint;
begin
  select coalesce((select e.position from events e order by e.position desc limit 1), 0) into v_head;
  if p_to > v_head then
    raise exception 'position % was not imported: the log ends at %', p_to, v_head using errcode = 'SW007';
  end if;
  if v_head > 0 and not exists (select from identity where log = p_log) then
    raise exception 'this log is not empty, and another than %', p_log using errcode = 'SW007';
  end if;
  update identity set log = p_log, imported_to = greatest(imported_to, p_to);
end $$;
