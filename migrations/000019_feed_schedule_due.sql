create index feed_schedule_due on sw_work.feed_schedule (next_due_at) where enabled;
