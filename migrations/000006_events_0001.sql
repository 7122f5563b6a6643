create table sw_log.events_0001 partition of sw_log.events for values from (1) to (50000001);
