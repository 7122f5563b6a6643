-- Read tables: derived from sw_log by projections, and rebuilt from it byte for byte.
create schema sw_read;
