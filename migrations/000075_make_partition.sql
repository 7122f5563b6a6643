-- Makes the partition that holds positions from p_from up to, and not with, p_until. It has to begin where the last one ends;
-- one that is there already is left alone. Gives the name of what was made, null for nothing.
--
-- Made as a table and then attached: CREATE TABLE … PARTITION OF would lock out readers and appends until every open
-- transaction has ended, ATTACH lets them go on. Keys and the trigger that refuses change come from the parent.
-- Runs with the rights of its owner, so that an application role can make partitions and change nothing else.
create function sw_log.make_partition(p_from bigint, p_until bigint) returns text
language plpgsql volatile security definer
set search_path = pg_catalog
as $$
declare
  v_next bigint;
  v_name text;
begin
  perform pg_advisory_xact_lock(7301, 7);
  if exists (select from sw_log.partitions() p where p.from_position = p_from) then
    return null;
  end if;
  select coalesce(max(p.to_position) + 1, 1) into v_next from sw_log.partitions() p;
  if p_from <> v_next or p_until <= p_from then
    raise exception 'a partition from % to % does not follow the last one, which ends before %', p_from, p_until, v_next
      using errcode = 'SW005';
  end if;
  -- Names are never used again: an archived partition keeps its own.
  select 'events_' || lpad((coalesce(max(substring(c.relname from '^events_(\d+)$')::int), 0) + 1)::text, 4, '0')
    into v_name
    from pg_class c
   where c.relnamespace in ('sw_log'::regnamespace, 'sw_archive'::regnamespace) and c.relname ~ '^events_\d+$';
  execute format('create table sw_log.%I (like sw_log.events including all)', v_name);
  execute format('alter table sw_log.events attach partition sw_log.%I for values from (%s) to (%s)',
                 v_name, p_from, p_until);
  perform sw_log.forbid_change(format('sw_log.%I', v_name)::regclass);
  return v_name;
end $$;
