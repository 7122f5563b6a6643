-- One row a stream: its version guards against lost updates, its last event id remembers what was appended
-- even after old partitions are gone.
create table sw_log.streams (
  stream_id      text collate "C" primary key,
  version        bigint not null,
  first_position bigint not null,
  last_position  bigint not null,
  last_event_id  uuid   not null
) with (fillfactor = 80);
