-- What feeds offer by WebSub: the hub that pushes a feed, and the topic to ask it for. Noted by every poll that brings a document.
create table sw_work.hubs (
  feed  text collate "C" primary key,
  hub   text not null,
  topic text not null
);
