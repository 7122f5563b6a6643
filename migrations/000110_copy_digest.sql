-- The digest by which copies of a headline are told, of its normalised words: copyDigest in events/copy-digest.ts comes to the
-- same. For what was kept while the words themselves were the key.
create function sw_work.copy_digest(p_words text) returns text
language sql immutable strict parallel safe
set search_path = pg_catalog
as $$
  select case when p_words = '' then '' else left(encode(sha256(convert_to(p_words, 'UTF8')), 'hex'), 32) end
$$;
