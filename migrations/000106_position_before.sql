-- The last position recorded before p_time, archived or not; 0 where nothing was, null where what was is no longer in the
-- database.
--
-- Bisects the primary key, as recorded_at never runs back in position order and positions are dense: 30 probes at a billion
-- events, in one round trip. The beginning may be gone with archived partitions, so the first position there is looked up.
create or replace function sw_log.position_before(p_time timestamptz) returns bigint
language plpgsql stable
set search_path = sw_log, pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
  v_first bigint;
  v_low   bigint;
  v_high  bigint;
  v_mid   bigint;
  v_at    timestamptz;
begin
  select coalesce((select a.position from sw_archive.events a order by a.position limit 1),
                  (select e.position from events e order by e.position limit 1)) into v_first;
  if v_first is null then return 0; end if;
  -- All up to v_low are before p_time, none after v_high is.
  v_low := v_first - 1;
  select e.position into v_high from events e order by e.position desc limit 1;
  while v_low < v_high loop
    v_mid := v_low + (v_high - v_low + 1) / 2;
    select e.recorded_at into v_at
      from (select position, recorded_at from sw_archive.events
            union all select position, recorded_at from events) e where e.position = v_mid;
    if v_at is null then
      raise exception 'the log should hold position %, found nothing', v_mid using errcode = 'SW005';
    end if;
    if v_at < p_time then v_low := v_mid; else v_high := v_mid - 1; end if;
  end loop;
  return case when v_low >= v_first then v_low when v_first = 1 then 0 end;
end $$;
