-- What nobody has seen yet is asked for all day, and is soon a small part of all alerts.
create index alerts_unacknowledged on sw_read.alerts (position desc)
  where status = 'raised' and acknowledged_at is null;
