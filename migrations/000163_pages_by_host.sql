create index pages_by_host on sw_work.pages (host, next_due_at);
