-- One row an alert and channel: attempts and due times live here, jobs only wake.
create table sw_work.deliveries (
  alert         text collate "C" not null,
  channel       text collate "C" not null,
  position      bigint      not null,
  attempts      int         not null default 0,
  next_due_at   timestamptz not null,
  claimed_until timestamptz,
  done          boolean     not null default false,
  primary key (alert, channel)
);
