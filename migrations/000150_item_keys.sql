-- Which item each key leads to: a link, a publisher's guid, a headline of a day (src/ingest/identity.ts). Whoever sees an article
-- under keys that nobody knows claims them here before its events are appended, so that two who see it at once under different keys
-- come to one item: the primary key is the judge. Derived from the log, but for keys of articles that are just being recorded.
create table sw_work.item_keys (
  -- half of a sha256 over the key, as ids of items are
  key  uuid primary key,
  item uuid not null
);
