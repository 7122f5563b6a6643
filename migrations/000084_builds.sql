-- Tables that are being filled in sw_build: of which version, and up to which position of the log. Moved in one transaction
-- with what is written into them, so that a build goes on where a killed one stopped.
create table sw_work.builds (
  projection text collate "C" primary key,
  version    int         not null,
  position   bigint      not null default 0,
  started_at timestamptz not null
);
