-- The archived part of the log: partitions that were sealed and exported, and taken out of sw_log.events whole, in order from the
-- first. They are read by stream and by position as before; nothing is ever appended here.
create table sw_archive.events (like sw_log.events including all) partition by range (position);
