-- Appends a batch of commands, each a run of events for one stream, in one autocommit call.
--
-- p_stream, p_expected, p_first, p_n   one element a command: its stream, the version it was decided on (null: any),
--                                      and where its events lie in the arrays that follow (from 1)
-- p_id … p_data                        one element an event, in the order of the commands
-- p_now                                the recorder's clock; never runs back in position order
-- p_in_transaction                     whether the caller knows that the lock is held until its transaction ends
--
-- Returns per command, in order: appended, duplicate (its events are in the stream already) or conflict (the stream
-- has moved on); the version and last position of its stream afterwards. One conflict costs its neighbours nothing.
-- Where every command began a stream with one event, a single row says so, with command 0 and the first position: the
-- rest follows from what was asked.
--
-- Positions are dense because they are given out under one lock that is held until commit. A plpgsql function, since
-- a single statement would keep the snapshot from before it waited for that lock.
--
-- Arrays are opened by unnest in the list of columns: there, they are walked side by side; in "from", each would be
-- written to a tuplestore of its own and read again. Taking the i-th text or jsonb out of an array walks over all
-- before it.
create or replace function sw_log.append(
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
  v_added    bigint[];  -- per command: the last position it is given; null where nothing is appended
  v_of       text[];    -- per event: its stream
  v_at       bigint[];  -- per event: its version
  v_place    bigint[];  -- per event: its position; null where it is not appended
begin
  if current_setting('transaction_isolation') <> 'read committed' then
    raise exception 'append needs read committed, not %', current_setting('transaction_isolation')
      using errcode = 'SW002';
  end if;
  if not p_in_transaction and pg_current_xact_id_if_assigned() is not null then
    raise exception 'append refused inside a transaction that already wrote' using errcode = 'SW003',
      hint = 'The lock on positions would be held until that transaction ends.';
  end if;

  perform pg_advisory_xact_lock(7301, 1);

  select e.position, e.recorded_at into v_position, v_now from events e order by e.position desc limit 1;
  v_position := coalesce(v_position, 0);
  v_now := greatest(p_now, v_now);

  -- New streams of one event each, as items come: nothing is looked up, since the key of streams tells whether one is
  -- there. Then this is taken back, and each is looked at below.
  if cardinality(p_id) = cardinality(p_stream) and cardinality(p_id) > 0 and 0 = all (p_expected) then
    begin
      insert into streams (stream_id, version, first_position, last_position, last_event_id)
        select t.stream, 1, v_position + t.o, v_position + t.o, t.id
          from (select unnest(p_stream) as stream, unnest(p_id) as id,
                       generate_series(1, cardinality(p_stream)) as o) t;
      v_added := '{}';
    exception when unique_violation then
      null;
    end;
    if v_added is not null then
      insert into events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
        select v_position + t.o, t.stream, 1, t.id, t.type, t.schema_version, t.decided_at, v_now, t.data
          from (select generate_series(1, cardinality(p_stream)) as o, unnest(p_stream) as stream, unnest(p_id) as id,
                       unnest(p_type) as type, unnest(p_schema_version) as schema_version,
                       unnest(p_decided_at) as decided_at, unnest(p_data) as data) t;
      return query select 0, 'appended', null::bigint, v_position + 1;
      return;
    end if;
  end if;

  if cardinality(p_stream) > 1 and (select count(*) <> count(distinct s collate "C") from unnest(p_stream) s) then
    raise exception 'append got one stream twice in one call' using errcode = 'SW004';
  end if;

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
    left join lateral (select x.version, x.last_position, x.last_event_id
                         from streams x where x.stream_id = c.stream offset 0) s on true;

  if 'look' = any (v_status) then
    for i in 1 .. cardinality(v_status) loop
      if v_status[i] = 'look' then
        v_status[i] := case
          when exists (select 1 from events e join streams s on s.stream_id = e.stream_id
                        where e.stream_id = p_stream[i] and e.event_id = p_id[p_first[i]]
                          and e.position between s.first_position and s.last_position)
            or exists (select 1 from sw_archive.events e join streams s on s.stream_id = e.stream_id
                        where e.stream_id = p_stream[i] and e.event_id = p_id[p_first[i]]
                          and e.position between s.first_position and s.last_position) then 'duplicate'
          when p_expected[i] is null then 'appended'
          else 'conflict'
        end;
      end if;
    end loop;
  end if;

  select array_agg(a.last order by a.o) into v_added
    from (select t.o, case t.status when 'appended' then
                   v_position + sum(t.n) filter (where t.status = 'appended') over (order by t.o) end as last
            from unnest(v_status, p_n) with ordinality as t (status, n, o)) a;

  if cardinality(p_id) = cardinality(p_stream) then
    v_of := p_stream;
    v_place := v_added;
    select array_agg(t.version + 1 order by t.o) into v_at
      from unnest(v_version) with ordinality as t (version, o);
  else
    select array_agg(t.stream order by t.o, k.k),
           array_agg(t.version + k.k order by t.o, k.k),
           array_agg(t.added - t.n + k.k order by t.o, k.k)
      into v_of, v_at, v_place
      from unnest(p_stream, v_version, p_n, v_added) with ordinality as t (stream, version, n, added, o)
      cross join lateral generate_series(1, t.n) as k (k);
  end if;

  insert into events (position, stream_id, version, event_id, type, schema_version, decided_at, recorded_at, data)
    select t.place, t.stream, t.version, t.id, t.type, t.schema_version, t.decided_at, v_now, t.data
      from (select unnest(v_place) as place, unnest(v_of) as stream, unnest(v_at) as version, unnest(p_id) as id,
                   unnest(p_type) as type, unnest(p_schema_version) as schema_version,
                   unnest(p_decided_at) as decided_at, unnest(p_data) as data) t
     where t.place is not null;

  -- a new stream needs no "on conflict", which looks twice and writes what it may take back: nobody else adds one now
  insert into streams (stream_id, version, first_position, last_position, last_event_id)
    select t.stream, t.n, t.added - t.n + 1, t.added, p_id[t.first + t.n - 1]
      from unnest(p_stream, v_version, p_first, p_n, v_added) as t (stream, version, first, n, added)
     where t.added is not null and t.version = 0;
  if exists (select from unnest(v_version, v_added) as t (version, added)
              where t.added is not null and t.version > 0) then
    insert into streams as s (stream_id, version, first_position, last_position, last_event_id)
      select t.stream, t.version + t.n, t.added, t.added, p_id[t.first + t.n - 1]
        from unnest(p_stream, v_version, p_first, p_n, v_added) as t (stream, version, first, n, added)
       where t.added is not null and t.version > 0
    on conflict (stream_id) do update set
      version = excluded.version, last_position = excluded.last_position, last_event_id = excluded.last_event_id;
  end if;

  return query
    select t.o::int, t.status, case when t.added is null then t.version else t.version + t.n end,
           coalesce(t.added, t.last)
      from unnest(v_status, v_version, p_n, v_added, v_last)
           with ordinality as t (status, version, n, added, last, o)
     order by t.o;
end $$;
