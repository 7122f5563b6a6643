-- What rules have spoken about goes by the digest of a headline, and no longer by its words: those of a headline that is taken
-- down would stay here.
update sw_work.alert_copies set copy_key = sw_work.copy_digest(copy_key);
