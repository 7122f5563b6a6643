select sw_log.forbid_change('sw_archive.events'::regclass);
