-- What a query looks for, each row's in one value: words with positions, and facets as lexemes (query/facet-lexemes.ts).
alter table sw_read.items
  add column terms    tsvector not null default '',
  -- of the most salient tag; 0 without one
  add column salience real     not null default 0,
  -- the subjects of its tags, most salient first
  add column entities text[]   not null default '{}',
  add column topics   text[]   not null default '{}';

-- The defaults are for the rows that are there; from here on a writer that does not know the columns is refused.
alter table sw_read.items
  alter column terms    drop default,
  alter column salience drop default,
  alter column entities drop default,
  alter column topics   drop default;

insert into sw_work.stale_projections (projection) select 'items' where exists (select from sw_read.items);
