-- When the words of items were captured, as far as imports of captures say: which of two captures is the later one does not depend on
-- who imported them, and when. A row counts only while the words it is about are those that its item has. In no log, and so in no copy.
create table sw_work.captured (
  item        uuid        primary key,
  -- of the item's stream, with the event that brought the words: words that go and come back are others
  version     bigint      not null check (version > 0),
  -- of the latest capture that had them
  captured_at timestamptz not null
);
