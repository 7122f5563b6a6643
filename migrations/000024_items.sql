create table sw_read.items (
  item         text collate "C" primary key,
  position     bigint      not null,
  feed         text        not null collate "C",
  publisher    text        not null collate "C",
  url          text,
  lang         text        collate "C",
  published    timestamptz,
  recorded_at  timestamptz not null,
  -- published where the source said so, else recorded: what lists are ordered by
  at           timestamptz not null,
  title        text        not null,
  summary      text        not null,
  content      text        not null collate "C",
  revision     int         not null,
  revised_at   timestamptz,
  backfill     text        collate "C",
  tagged       text        collate "C",
  dossier      text        collate "C",
  tagger       text        collate "C"
);
