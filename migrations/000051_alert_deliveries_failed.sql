create index alert_deliveries_failed on sw_read.alert_deliveries (recorded_at) where status = 'failed';
