-- Read tables are made by their projections from here on, each version its own (src/projections/): beside the ones that
-- are served, from the log. What an earlier build left goes, and is made anew on the next way in.
drop schema sw_read cascade;
