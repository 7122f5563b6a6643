-- Every table that holds what cannot be derived again. Partitions carry their own rights, for whoever names one directly.
select sw_log.forbid_change(c.oid::regclass)
  from pg_class c
 where c.oid in ('sw_log.events'::regclass, 'sw_log.seals'::regclass)
    or c.oid in (select inhrelid from pg_inherits where inhparent = 'sw_log.events'::regclass);
