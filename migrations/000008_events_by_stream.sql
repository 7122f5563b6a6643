-- Reads a stream in order; position is in the key only because a partitioned table demands it.
create unique index events_by_stream on sw_log.events (stream_id, version, position);
