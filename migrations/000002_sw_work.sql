-- What workers need to know between two lines: due times, leases, attempts, what rules have spoken about. Consumers of
-- the log fill it; whoever loses it sets their checkpoints back with it.
create schema sw_work;
