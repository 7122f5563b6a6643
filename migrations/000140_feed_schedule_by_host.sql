create index feed_schedule_by_host on sw_work.feed_schedule (host, next_due_at) where enabled and host is not null;
