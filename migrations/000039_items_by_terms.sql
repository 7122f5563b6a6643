create index items_by_terms on sw_read.items using gin (terms);
