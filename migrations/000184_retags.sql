-- How far a retagging got that is not through: a killed one goes on there. One that is through has no row, and one with other
-- versions takes the place of what an earlier one left behind.
create table sw_work.retags (
  dossier    text        not null collate "C",
  tagger     text        not null collate "C",
  -- events up to here are looked at
  position   bigint      not null check (position >= 0),
  -- items looked at so far, and how many of them were tagged anew
  items      bigint      not null,
  changed    bigint      not null,
  updated_at timestamptz not null,
  primary key (dossier, tagger)
);
