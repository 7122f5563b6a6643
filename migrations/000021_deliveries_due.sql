create index deliveries_due on sw_work.deliveries (next_due_at, position) where not done;
