-- All events of the streams p_streams, each stream's in order, archived or not; of p_types only, unless that is null.
--
-- One index probe a stream, whatever the planner thinks: of a log that is being filled it knows nothing yet and reads all
-- of it for every few streams, a third of an import's time. Of the archive, only the partitions are looked into that the
-- stream reaches over; where nothing is archived the planner leaves that half out.
create or replace function sw_log.read_streams(p_streams text[], p_types text[]) returns setof sw_log.events
language plpgsql stable
set search_path = sw_log, pg_catalog
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
as $$
begin
  return query
    select e.* from unnest(p_streams) as s (id)
     cross join lateral (
       select x.* from (
         select a.* from streams t
           join sw_archive.events a
             on a.stream_id = t.stream_id and a.position between t.first_position and t.last_position
          where t.stream_id = s.id
         union all
         select l.* from events l where l.stream_id = s.id) x
        where p_types is null or x.type = any(p_types)
        order by x.version offset 0) e;
end $$;
