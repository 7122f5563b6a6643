create table sw_read.feeds (
  feed          text collate "C" primary key,
  url           text        not null,
  title         text        not null,
  publisher     text        not null collate "C",
  lang          text        collate "C",
  status        text        not null collate "C",
  failure       jsonb,
  failing_since timestamptz,
  added_at      timestamptz not null,
  items         int         not null,
  revisions     int         not null,
  last_item_at  timestamptz
);
