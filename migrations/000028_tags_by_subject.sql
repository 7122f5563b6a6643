create index tags_by_subject on sw_read.tags (subject, at desc, position desc);
