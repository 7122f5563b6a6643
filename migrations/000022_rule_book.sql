-- The rules in force at the position the rules consumer has reached.
create table sw_work.rule_book (
  rule       text collate "C" primary key,
  version    text  not null,
  definition jsonb not null
);
