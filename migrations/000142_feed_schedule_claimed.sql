create index feed_schedule_claimed on sw_work.feed_schedule (claimed_until) where claimed_until is not null;
