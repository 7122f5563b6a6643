-- Who has seen an alert, when the log got to know, and what they said of it; null until somebody says so. What is there
-- already was acknowledged by nobody, so that nothing has to be rebuilt.
alter table sw_read.alerts
  add column acknowledged_at   timestamptz,
  add column acknowledged_by   text,
  add column acknowledged_note text;
