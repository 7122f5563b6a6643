-- How many items carried a subject on a day (UTC), by language.
create table sw_read.coverage (
  subject text collate "C" not null,
  day     date not null,
  lang    text collate "C" not null,
  items   int  not null,
  primary key (subject, day, lang)
);
