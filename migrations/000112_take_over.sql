-- As before (000093), but no schema of the caller's choosing is looked into: with the rights of the owner, a temporary table
-- called "events" would have spoken for the log.
create or replace function sw_log.take_over(p_log uuid, p_to bigint) returns void
language plpgsql volatile security definer
set search_path = pg_catalog, pg_temp
as $$
declare
  v_head bigint;
begin
  select coalesce((select e.position from sw_log.events e order by e.position desc limit 1), 0) into v_head;
  if p_to > v_head then
    raise exception 'position % was not imported: the log ends at %', p_to, v_head using errcode = 'SW007';
  end if;
  if v_head > 0 and not exists (select from sw_log.identity where log = p_log) then
    raise exception 'this log is not empty, and another than %', p_log using errcode = 'SW007';
  end if;
  update sw_log.identity set log = p_log, imported_to = greatest(imported_to, p_to);
end $$;
