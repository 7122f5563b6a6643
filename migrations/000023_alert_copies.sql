-- What each rule has already spoken about, by copy key: how it avoids saying the same thing twice.
create table sw_work.alert_copies (
  rule        text collate "C" not null,
  copy_key    text collate "C" not null,
  item        text        not null,
  alert       text        not null,
  recorded_at timestamptz not null,
  primary key (rule, copy_key)
);
