-- Made ahead: an append never waits for DDL, and a missing partition is an error, not a default table.
create table sw_log.events_0002 partition of sw_log.events for values from (50000001) to (100000001);
