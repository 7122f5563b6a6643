-- When each feed is due, who holds it, and the validators of its last good answer.
create table sw_work.feed_schedule (
  feed            text collate "C" primary key,
  url             text        not null,
  enabled         boolean     not null,
  next_due_at     timestamptz not null,
  claimed_until   timestamptz,
  first_polled_at timestamptz,
  last_polled_at  timestamptz,
  last_good_at    timestamptz,
  last_outcome    text,
  failures        int         not null default 0,
  etag            text,
  last_modified   text
);
