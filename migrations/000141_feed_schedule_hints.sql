-- What the feed said of its own rhythm when it was last read: a 304 says it no more.
alter table sw_work.feed_schedule add column hints jsonb;
