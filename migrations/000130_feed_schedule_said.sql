-- What a server has said for good and has yet to say again: the URL that its feed moved to, or 'gone'; and since when.
alter table sw_work.feed_schedule
  add column said_word  text,
  add column said_since timestamptz;
