create table sw_read.rules (
  rule       text collate "C" primary key,
  version    text        not null,
  title      text        not null,
  about      text        not null,
  definition jsonb       not null,
  status     text        not null check (status in ('in force', 'retired')),
  since      timestamptz not null
);
