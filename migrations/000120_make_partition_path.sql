-- Without pg_temp in it a search path begins with it: a temporary view called "pg_class" would have run what its maker likes
-- with the rights of the owner.
alter function sw_log.make_partition(bigint, bigint) set search_path = pg_catalog, pg_temp;
