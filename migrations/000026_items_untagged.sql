-- What the reconciler looks for: words nobody has tagged yet.
create index items_untagged on sw_read.items (position) where tagged is distinct from content;
