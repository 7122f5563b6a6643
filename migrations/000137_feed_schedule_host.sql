-- The host of the URL, as store/host-turns.ts tells it; null where no turns are taken.
alter table sw_work.feed_schedule add column host text collate "C";
update sw_work.feed_schedule
   set host = rtrim(lower(substring(url from '^[^:]+://(?:[^/?#@]*@)?(\[[^]]*\]|[^:/?#]*)')), '.');
update sw_work.feed_schedule set host = null
 where host ~ '^(localhost|.*\.localhost|127\..*|\[::1\]|)$';
