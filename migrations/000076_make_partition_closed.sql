-- Whoever may call it acts as the owner of the log.
revoke execute on function sw_log.make_partition(bigint, bigint) from public;
