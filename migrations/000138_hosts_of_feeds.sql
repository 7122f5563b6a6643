insert into sw_work.hosts (host, free_at, look_at)
select host, 'epoch', 'epoch' from sw_work.feed_schedule where host is not null group by host;
