-- make_partition calls it with the rights of the owner (see 000120).
alter function sw_log.forbid_change(regclass) set search_path = pg_catalog, pg_temp;
