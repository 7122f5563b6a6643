-- Items whose words were found untagged: since when the reconciler knows, how often it has queued them again, and why
-- tagging failed where it did. A row goes when the words are tagged, or are others.
create table sw_work.untagged (
  item        text collate "C" primary key,
  content     text        not null collate "C",
  tries       int         not null default 0,
  next_due_at timestamptz not null,
  reason      text
);
