-- Subscriptions to hubs, those that were ended among them until nobody can come back to them. The token ends the callback's path; it
-- is looked up by its digest, so that how long a look takes says nothing of it. Arrivals counts the pushes that were signed, missed
-- the polls since the last one that found what no push had brought.
create table sw_work.subscriptions (
  digest        text collate "C" primary key,
  token         text        not null,
  secret        text        not null,
  feed          text collate "C" not null,
  hub           text        not null,
  topic         text        not null,
  callback      text collate "C" not null,
  state         text        not null check (state in ('wanted', 'pending', 'active', 'denied', 'ending', 'ended')),
  created_at    timestamptz not null,
  changed_at    timestamptz not null,
  lease_until   timestamptz,
  next_due_at   timestamptz,
  claimed_until timestamptz,
  attempts      int         not null default 0,
  last_error    text,
  last_push_at  timestamptz,
  arrivals      int         not null default 0,
  missed        int         not null default 0,
  unsigned      int         not null default 0
);
