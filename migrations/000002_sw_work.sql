-- What workers need to know between two lines: due times, leases, attempts. Losing it costs latency, not data.
create schema sw_work;
