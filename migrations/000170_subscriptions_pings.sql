-- Counts what only makes the feed be polled, having brought no words that we may believe: of hubs without TLS, and pushes that are too large.
alter table sw_work.subscriptions add column pings int not null default 0;
