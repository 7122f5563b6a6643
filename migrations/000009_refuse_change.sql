create function sw_log.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% on %.% refused: the log is append-only', tg_op, tg_table_schema, tg_table_name
    using errcode = 'SW001', hint = 'Append an event that corrects the earlier one.';
end $$;
