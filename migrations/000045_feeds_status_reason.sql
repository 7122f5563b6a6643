-- Why a feed is paused or removed, as whoever did it says; null for one that is polled.
alter table sw_read.feeds add column status_reason text;

-- Of what is there already the log knows why: said here as the projection would, up to where it has come.
update sw_read.feeds f
   set status_reason = (
     select e.data ->> 'reason' from sw_log.events e
      where e.stream_id = 'feed-' || f.feed and e.type in ('FeedPaused', 'FeedRemoved')
        and e.position <= (select c.position from sw_log.checkpoints c where c.name = 'projection:feeds')
      order by e.version desc limit 1)
 where f.status in ('paused', 'removed');
