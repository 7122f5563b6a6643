-- What a feed is allowed and asked, beside when it is due: whoever polls it, or fetches its pages, asks here.
alter table sw_work.feed_schedule
  add column full_text     boolean not null default false,
  add column allow_private boolean not null default false;
