import type { TableShape } from './projection.ts';

/**
 * What an item is at one time: as it came, after a tagging, after a revision. Words stand beside the log under their hash,
 * and are looked up in sw_read.words; a row holds none, so that another tagging costs little and old rows are cheap to keep.
 */
const VERSION_COLUMNS = `
  item          text        not null collate "C",
  -- of its first event: its place among items of one moment
  position      bigint      not null,
  -- of the event that made it what it is here
  from_position bigint      not null,
  feed          text        not null collate "C",
  publisher     text        not null collate "C",
  url           text,
  lang          text        collate "C",
  published     timestamptz,
  recorded_at   timestamptz not null,
  -- published where the source said so, else recorded: what lists are ordered by
  at            timestamptz not null,
  content       text        not null collate "C",
  -- the same words with the full text of its page, where that was fetched
  full_text     text        collate "C",
  -- of its words in sw_read.words, the full text's where there is one
  words         uuid        not null,
  revision      int         not null,
  revised_at    timestamptz,
  backfill      text        collate "C",
  -- the words that were tagged last, and with what
  tagged        text        collate "C",
  dossier       text        collate "C",
  tagger        text        collate "C",
  -- names as lexemes: subjects, kinds, language, publisher, feed, hosts (query/facet-lexemes.ts)
  terms         tsvector    not null,
  -- to the dossier; null while it is not tagged, or was before that was asked
  relevance     real,
  -- what it reports, who does it and to whom (events/event-type.ts); null where that is none of the acts that are told apart
  event         text        collate "C",
  event_from    text[]      not null,
  event_to      text[]      not null,
  -- of the most salient tag; 0 without one
  salience      real        not null,
  -- tags, the most salient first: what, of which kind, and how much
  subjects      text[]      not null,
  kinds         text[]      not null,
  saliences     real[]      not null`;

function searchable(table: string): readonly string[] {
  return [
    `create index ${table}_by_time on ${table} (at desc, position desc)`,
    `create index ${table}_by_terms on ${table} using gin (terms)`,
    `create index ${table}_by_words on ${table} (words)`,
  ];
}

/** Items as they are now. */
export const ITEMS: TableShape = {
  columns: `${VERSION_COLUMNS},
  primary key (item)`,
  // Room for the next version of a row beside it.
  options: 'with (fillfactor = 85)',
  whenFull: [
    ...searchable('items'),
    'create index items_by_url on items (url)',
    // What the reconciler looks for: words nobody has tagged yet.
    'create index items_untagged on items (position) where tagged is distinct from coalesce(full_text, content)',
  ],
};

/** Items as they were, until `to_position`: what answers as of a past moment are made of. */
export const ITEM_VERSIONS: TableShape = {
  columns: `${VERSION_COLUMNS},
  -- of the event that made it another: it was so before that
  to_position   bigint      not null,
  primary key (item, from_position)`,
  whenFull: searchable('item_versions'),
};
