create index alerts_by_item on sw_read.alerts (item);
