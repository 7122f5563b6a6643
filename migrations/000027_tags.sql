create table sw_read.tags (
  item     text collate "C" not null,
  subject  text collate "C" not null,
  kind     text        not null collate "C",
  salience real        not null,
  mentions jsonb       not null,
  lang     text        collate "C",
  at       timestamptz not null,
  position bigint      not null,
  primary key (item, subject)
);
