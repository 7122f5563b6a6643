create index items_by_url on sw_read.items (url);
