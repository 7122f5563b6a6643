-- The archived partitions that are in the database, in order, each with its first and its last position.
create function sw_archive.partitions() returns table (name text, from_position bigint, to_position bigint)
language sql stable
set search_path = pg_catalog
as $$
  select c.relname::text, b.bounds[1]::bigint, b.bounds[2]::bigint - 1
    from pg_inherits i
    join pg_class c on c.oid = i.inhrelid
   cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \(''?(\d+)''?\) TO \(''?(\d+)''?\)') as b (bounds)
   where i.inhparent = 'sw_archive.events'::regclass
   order by 2
$$;
