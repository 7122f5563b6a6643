create index hosts_look on sw_work.hosts (look_at);
