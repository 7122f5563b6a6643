-- Feeds of hosts that take turns are found by their host.
drop index sw_work.feed_schedule_due;
create index feed_schedule_due on sw_work.feed_schedule (next_due_at) where enabled and host is null;
