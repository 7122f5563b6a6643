-- Items whose page is to be fetched, of feeds that ask for full texts: filled by a consumer, with due times, leases and attempts.
-- What came of each is an event, which takes it out again.
create table sw_work.pages (
  item          text        primary key collate "C",
  -- the words that the full text is to go with
  content       text        not null collate "C",
  -- whose turn it takes, as store/host-turns.ts tells it; null where no turns are taken
  host          text        collate "C",
  attempts      int         not null default 0,
  next_due_at   timestamptz not null,
  claimed_until timestamptz
);
