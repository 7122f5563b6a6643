-- Whoever may call it acts as the owner of the log.
revoke execute on function sw_log.take_over(uuid, bigint) from public;
