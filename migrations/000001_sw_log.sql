-- The truth: what happened and what was decided, append-only.
create schema if not exists sw_log;
