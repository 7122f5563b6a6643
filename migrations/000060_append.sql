-- Appends a batch of commands, each a run of events for one stream, in one autocommit call.
--
-- p_stream, p_expected, p_first, p_n   one element a command: its stream, the version it was decided on (null: any),
--                                      and where its events lie in the arrays that follow (from 1)
-- p_id … p_data                        one element an event
-- p_now                                the recorder's clock; never runs back in position order
-- p_in_transaction                     whether the caller knows that the lock is held until its transaction ends
--
-- Returns per command, in order: appended, duplicate (its events are in the stream already) or conflict (the stream
-- has moved on); the version and last position of its stream afterwards. One conflict costs its neighbours nothing.
--
-- Positions are dense because they are given out under one lock that is held until commit. A plpgsql function, since
-- a single statement would keep the snapshot from before it waited for that lock.
drop function sw_log.append(
  text[], bigint[], int[], int[], uuid[], text[], smallint[], timestamptz[], jsonb[], timestamptz);

create function sw_log.append(
  p_stream text[], p_expected bigint[], p_first int[], p_n int[],
  p_id uuid[], p_type text[], p_schema_version smallint[], p_decided_at timestamptz[], p_data jsonb[],
  p_now timestamptz, p_in_transaction boolean default false
) returns table (command int, status text, version bigint, last_position bigint)
language plpgsql volatile
set search_path = sw_log, pg_catalog
set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_position bigint;
  v_now      timestamptz;
  v_version  bigint[];
  v_last     bigint[];
  v_status   text[];
  i          int;
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'append needs read committed, not %', current_setting('transaction_isolation')
      using errcode = 'SW002';
  end if;
  if not p_in_transaction and pg_current_xact_id_if_assigned() is not null then
    raise exception 'append refused inside a transaction that already wrote' using errcode = 'SW003',
      hint = 'The lock on positions would be held until that transaction ends.';
  end if;
  if (select count(*) <> count(distinct s) from unnest(p_stream) s) then
    raise exception 'append got one stream twice in one call' using errcode = 'SW004';
  end if;

  perform pg_advisory_xact_lock(7301, 1);

  select e.position, e.recorded_at into v_position, v_now from events e order by e.position desc limit 1;
  v_position := coalesce(v_position, 0);
  v_now := greatest(p_now, v_now);

  select array_agg(coalesce(s.version, 0) order by c.o),
         array_agg(s.last_position order by c.o),
         array_agg(case
           when s.version is null then case when coalesce(c.expected, 0) = 0 then 'appended' else 'conflict' end
           when s.last_event_id = p_id[c.first + c.n - 1] then 'duplicate'
           when c.expected = s.version then 'appended'
           else 'look'
         end order by c.o)
    into v_version, v_last, v_status
    from unnest(p_stream, p_expected, p_first, p_n) with ordinality as c (stream, expected, first, n, o)
    -- "offset 0" keeps the planner at one index probe a command
    left join lateral (select x.version, x.last_position, x.last_event_id
                         from streams x where x.stream_id = c.stream offset 0) s on true;

  for i in 1 .. cardinality(v_status) loop
    if v_status[i] = 'look' then
      v_status[i] := case
        when exists (select 1 from events e join streams s on s.stream_id = e.stream_id
                      where e.stream_id = p_stream[i] and e.event_id = p_id[p_first[i]]
                        and e.position between s.first_position and s.last_position) then 'duplicate'
        when p_expected[i] is null then 'appended'
        else 'conflict'
      end;
    end if;
  end loop;

  insert into events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
    select v_position + row_number() over (order by t.o, k.k), t.stream, t.version + k.k + 1,
           p_id[t.first + k.k], p_type[t.first + k.k], p_schema_version[t.first + k.k],
           p_decided_at[t.first + k.k], v_now, p_data[t.first + k.k]
      from unnest(p_stream, v_version, p_first, p_n, v_status) with ordinality as t (stream, version, first, n, status, o)
      cross join lateral generate_series(0, t.n - 1) as k (k)
     where t.status = 'appended';

  return query
    with added as (
      select t.o, t.stream, t.version + t.n as version,
             v_position + sum(t.n) over (order by t.o) - t.n + 1 as first_position,
             v_position + sum(t.n) over (order by t.o) as last_position,
             p_id[t.first + t.n - 1] as last_event_id
        from unnest(p_stream, v_version, p_first, p_n, v_status)
             with ordinality as t (stream, version, first, n, status, o)
       where t.status = 'appended'
    ), noted as (
      insert into streams as s (stream_id, version, first_position, last_position, last_event_id)
        select a.stream, a.version, a.first_position, a.last_position, a.last_event_id from added a
      on conflict (stream_id) do update set
        version = excluded.version, last_position = excluded.last_position, last_event_id = excluded.last_event_id
    )
    select t.o::int, t.status, coalesce(a.version, t.version)::bigint, coalesce(a.last_position, t.last)::bigint
      from unnest(v_status, v_version, v_last) with ordinality as t (status, version, last, o)
      left join added a on a.o = t.o
     order by t.o;
end $$;
