-- Gives a role what the application needs, and nothing by which the log could be changed: it reads and appends, imports into an
-- empty log, moves checkpoints, deletes the words of what is taken down. What can be derived again or belongs to the work is all its own.
-- To be called by the owner of the schemas, who has to be a member of the role; repeat it after an upgrade.
create or replace function sw_log.grant_app(p_role regrole) returns void
language plpgsql volatile
set search_path = pg_catalog
as $$
declare
  v_schema regnamespace;
  v_table  regclass;
begin
  if exists (select from pg_namespace n
              where n.nspname = 'sw_queue' and not pg_has_role(p_role, n.nspowner, 'usage')) then
    raise exception 'the queues in sw_queue belong to another role' using errcode = 'SW006',
      hint = 'Stop all processes and "drop schema sw_queue cascade": the log holds what is in them.';
  end if;
  -- BullMQ makes its own schema.
  execute format('grant create on database %I to %s', current_database(), p_role);
  execute format('grant usage on schema sw_log, sw_archive, sw_work to %s', p_role);
  for v_schema in select n.oid from pg_namespace n where n.nspname in ('sw_read', 'sw_build') loop
    execute format('grant usage, create on schema %s to %s', v_schema, p_role);
  end loop;

  execute format('grant select on all tables in schema sw_log, sw_archive to %s', p_role);
  execute format('grant insert on sw_log.events, sw_log.seals to %s', p_role);
  execute format('grant insert, update on sw_log.streams to %s', p_role);
  execute format('grant insert, update, delete on sw_log.checkpoints to %s', p_role);
  execute format('grant insert, delete on sw_log.content to %s', p_role);
  execute format('grant execute on function sw_log.make_partition(bigint, bigint) to %s', p_role);
  -- With select on all tables: it reads which log this is, and changes that by this function alone.
  execute format('grant execute on function sw_log.take_over(uuid, bigint) to %s', p_role);

  execute format('grant select, insert, update, delete on all tables in schema sw_work to %s', p_role);
  execute format('grant usage on all sequences in schema sw_work to %s', p_role);

  -- Read tables are dropped and made anew by rebuilds, which only their owner can.
  for v_table in
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('sw_read', 'sw_build') and c.relkind in ('r', 'p', 'v', 'm') and c.relowner <> p_role
  loop
    execute format('alter table %s owner to %s', v_table, p_role);
  end loop;
end $$;
