create index pages_due on sw_work.pages (next_due_at);
