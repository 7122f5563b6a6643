create table sw_read.alerts (
  alert        text collate "C" primary key,
  position     bigint      not null,
  rule         text        not null collate "C",
  rule_version text        not null,
  item         text        not null collate "C",
  status       text        not null check (status in ('raised', 'suppressed')),
  reason       jsonb,
  matches      jsonb       not null,
  channels     jsonb       not null,
  decided_at   timestamptz not null,
  recorded_at  timestamptz not null
);
