-- Partitions that were taken out of the log and kept.
create schema sw_archive;
