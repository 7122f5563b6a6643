-- Whose turn it is: a host is asked for one thing at a time, with a gap between. A turn is taken by moving free_at to when it
-- lapses, and ended by moving it to when the next may begin. look_at is when a feed of the host may be due at the earliest:
-- the claim of due feeds goes by it alone, puts it right when it looks, and is the only one to move it on; others move it back.
create table sw_work.hosts (
  host    text        primary key collate "C",
  free_at timestamptz not null,
  look_at timestamptz not null
);
