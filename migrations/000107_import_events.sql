-- Takes over events of another log as they are, from position p_first on: positions, ids, versions and times. What is there
-- already, archived or not, must be the same; what is new must go on where the log ends, and each stream where it stands. One
-- row comes back: how many were added, or the position that is refused and why, and then nothing is added.
--
-- Under the lock of append, since both give the log its end.
create or replace function sw_log.import_events(
  p_first bigint, p_stream text[], p_version bigint[], p_id uuid[], p_type text[], p_schema_version smallint[],
  p_decided_at timestamptz[], p_recorded_at timestamptz[], p_data jsonb[]
) returns table (added int, refused bigint, reason text)
language plpgsql volatile
set search_path = sw_log, pg_catalog
set plan_cache_mode = force_generic_plan
as $$
declare
  v_head  bigint;
  v_at    timestamptz;
  v_known int;
  v_bad   bigint;
  v_found bigint;
begin
  perform pg_advisory_xact_lock(7301, 1);

  select e.position, e.recorded_at into v_head, v_at from events e order by e.position desc limit 1;
  v_head := coalesce(v_head, 0);
  if p_first > v_head + 1 then
    return query select 0, p_first, format('does not go on where this log ends, at position %s', v_head);
    return;
  end if;
  v_known := least(greatest(v_head - p_first + 1, 0), cardinality(p_id));

  if v_known > 0 then
    select p_first + t.o - 1 into v_bad
      from unnest(p_stream[:v_known], p_version[:v_known], p_id[:v_known], p_type[:v_known], p_schema_version[:v_known],
                  p_decided_at[:v_known], p_recorded_at[:v_known], p_data[:v_known])
           with ordinality as t (stream, version, id, type, schema_version, decided_at, recorded_at, data, o)
      left join lateral (select * from (select * from sw_archive.events union all select * from events) x
                             where x.position = p_first + t.o - 1 offset 0) e on true
     where (e.stream_id, e.version, e.event_id, e.type, e.schema_version, e.decided_at, e.recorded_at, e.data)
           is distinct from
           (t.stream, t.version, t.id, t.type, t.schema_version, t.decided_at, t.recorded_at, t.data)
     order by t.o limit 1;
    if v_bad is not null then
      return query select 0, v_bad, 'is another event in this log, which is not empty'::text;
      return;
    end if;
  end if;
  if v_known = cardinality(p_id) then
    return query select 0, null::bigint, null::text;
    return;
  end if;

  if p_recorded_at[v_known + 1] < v_at then
    return query select 0, p_first + v_known, 'was recorded before the event in front of it'::text;
    return;
  end if;
  select p_first + t.o - 1, coalesce(s.version, 0) + t.k into v_bad, v_found
    from (select u.*, row_number() over (partition by u.stream order by u.o) as k
            from unnest(p_stream, p_version) with ordinality as u (stream, version, o) where u.o > v_known) t
    left join lateral (select x.version from streams x where x.stream_id = t.stream offset 0) s on true
   where t.version <> coalesce(s.version, 0) + t.k
   order by t.o limit 1;
  if v_bad is not null then
    return query select 0, v_bad, format('does not follow in its stream: expected version %s', v_found);
    return;
  end if;

  insert into events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
    select p_first + t.o - 1, t.stream, t.version, t.id, t.type, t.schema_version, t.decided_at, t.recorded_at, t.data
      from unnest(p_stream, p_version, p_id, p_type, p_schema_version, p_decided_at, p_recorded_at, p_data)
           with ordinality as t (stream, version, id, type, schema_version, decided_at, recorded_at, data, o)
     where t.o > v_known;
  insert into streams as s (stream_id, version, first_position, last_position, last_event_id)
    select t.stream, max(t.version), p_first + min(t.o) - 1, p_first + max(t.o) - 1, p_id[max(t.o)]
      from unnest(p_stream, p_version) with ordinality as t (stream, version, o)
     where t.o > v_known group by t.stream
  on conflict (stream_id) do update set
    version = excluded.version, last_position = excluded.last_position, last_event_id = excluded.last_event_id;
  return query select cardinality(p_id) - v_known, null::bigint, null::text;
end $$;
