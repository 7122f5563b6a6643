-- A feed has one subscription at a time, beside those that were ended.
create unique index subscriptions_live on sw_work.subscriptions (feed) where state not in ('ending', 'ended');
