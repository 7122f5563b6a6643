create index alerts_by_position on sw_read.alerts (position desc);
