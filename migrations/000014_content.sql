-- The words, beside the log: events carry the hash, so that a takedown can delete the words and leave the fact.
create table sw_log.content (
  hash text collate "C" primary key,
  kind text not null collate "C",
  body jsonb not null
);
