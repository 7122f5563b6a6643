-- What each rule has already spoken about, by copy key: how it avoids saying the same thing twice.
create table sw_work.alert_copies (
  rule        text collate "C" not null,
  copy_key    text collate "C" not null,
  item        text        not null,
  alert       text        not null,
  said        text        not null check (said in ('raised', 'backfill')),
  -- what the source or, for live items, the log says: the clock of the copy window
  at          timestamptz not null,
  primary key (copy_key, rule)
);
