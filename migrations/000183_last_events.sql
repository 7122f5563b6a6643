-- The last event of each of the streams p_streams, archived or not. One index probe a stream, as in read_streams.
create function sw_log.last_events(p_streams text[]) returns setof sw_log.events
language plpgsql stable
set search_path = sw_log, pg_catalog
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return query
    select e.* from unnest(p_streams) as s (id)
      join streams t on t.stream_id = s.id
     cross join lateral (
       select a.* from sw_archive.events a where a.position = t.last_position
       union all
       select l.* from events l where l.position = t.last_position offset 0) e;
end $$;
