create table sw_read.alert_deliveries (
  alert       text collate "C" not null,
  channel     text collate "C" not null,
  status      text        not null check (status in ('delivered', 'failing', 'failed')),
  attempt     int         not null,
  detail      text        not null,
  recorded_at timestamptz not null,
  primary key (alert, channel)
);
