-- The URLs under which processes answer hubs, and until when each is held to be answered.
create table sw_work.callbacks (
  url            text collate "C" primary key,
  answered_until timestamptz not null
);
