-- Makes a table of the log append-only for everybody who is no superuser, its owner included: takes the rights away, and
-- lets a trigger refuse TRUNCATE, which knows no rows and is not handed down to partitions.
create function sw_log.forbid_change(p_table regclass) returns void
language plpgsql volatile
set search_path = pg_catalog
as $$
declare
  v_owner   regrole;
  v_name    name;
  v_trigger name;
begin
  select c.relowner::regrole, c.relname, c.relname || '_no_truncate'
    into v_owner, v_name, v_trigger from pg_class c where c.oid = p_table;
  execute format('revoke update, delete, truncate on %s from public, %s', p_table, v_owner);
  if not exists (select from pg_trigger t where t.tgrelid = p_table and t.tgname = v_trigger) then
    execute format('create trigger %I before truncate on %s for each statement execute function sw_log.refuse_change()',
                   v_trigger, p_table);
  end if;
end $$;
