-- How far each consumer got. The row is locked while a batch is handled: one active owner a name.
create table sw_log.checkpoints (
  name       text collate "C" primary key,
  position   bigint      not null default 0,
  status     text        not null default 'running' check (status in ('running', 'halted')),
  error      text,
  updated_at timestamptz not null
);
