create index items_by_time on sw_read.items (at desc, position desc);
