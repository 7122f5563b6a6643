import { sql } from 'kysely';
import { contentHashOf, position } from '../events/ids.ts';
import type { ContentHash, Position } from '../events/ids.ts';
import { pageHashOf } from './content.ts';
import type { Content } from './content.ts';
import type { Damage } from './damage.ts';
import type { Db, Tx } from './database.ts';
import { EVERY_EVENT } from './every-event.ts';

const TEXTS_PER_READ = 2_000;
/** Positions looked through at a time for texts that are gone. */
const POSITIONS_PER_LOOK = 100_000;

/** The hash that a text has to stand under. */
export function hashOf({ kind, body }: Content): ContentHash {
  switch (kind) {
    case 'item':
      return contentHashOf(body.title, body.summary);
    case 'page':
      return pageHashOf(body);
    case 'response':
      return contentHashOf(body.text);
  }
}

/**
 * Texts that are not what their hash says, each at the first position that speaks of it, in order; the first of all where none does.
 * Looks through the whole log, once, as no index holds what events speak of.
 */
export async function alteredTexts(db: Db | Tx, hashes: readonly ContentHash[]): Promise<Damage[]> {
  if (hashes.length === 0) return [];
  const { rows } = await sql<{ hash: string; at: number }>`
    select spoken[1] as hash, min(e.position) as at
      from ${EVERY_EVENT} e, regexp_matches(e.data::text, '[0-9a-f]{64}', 'g') as spoken
     where spoken[1] = any(${hashes}::text[])
     group by 1`.execute(db);
  const first = new Map(rows.map(({ hash, at }) => [hash, at]));
  return hashes
    .map((hash): Damage => ({ kind: 'text altered', position: position(first.get(hash) ?? 1), hash }))
    .sort((a, b) => a.position - b.position);
}

/** Hashes every text again; yields how many were read so far, with the hashes of those that are not what they say. */
export async function* verifyTexts(
  db: Db | Tx,
): AsyncGenerator<{ readonly texts: number; readonly altered: readonly ContentHash[] }> {
  let after = '';
  let texts = 0;
  for (;;) {
    const rows = await db
      .selectFrom('sw_log.content')
      .selectAll()
      .where('hash', '>', after as ContentHash)
      .orderBy('hash')
      .limit(TEXTS_PER_READ)
      .execute();
    const last = rows.at(-1);
    if (last === undefined) return;
    const altered = rows.filter(({ hash, kind, body }) => hashOf({ kind, body } as Content) !== hash);
    texts += rows.length;
    after = last.hash;
    yield { texts, altered: altered.map(({ hash }) => hash) };
  }
}

/** Every hash whose words were taken down. */
async function takenDown(db: Db | Tx): Promise<Set<string>> {
  const { rows } = await sql<{ hash: string }>`
    select distinct jsonb_array_elements_text(data->'contents') as hash
      from ${EVERY_EVENT} e where type = 'ItemTakenDown'`.execute(db);
  return new Set(rows.map(({ hash }) => hash));
}

interface Missing {
  readonly hash: ContentHash;
  readonly at: number;
}

async function missingBetween(db: Db | Tx, start: number, end: number): Promise<readonly Missing[]> {
  const { rows } = await sql<Missing>`
    select spoken.hash, min(e.position) as at
      from ${EVERY_EVENT} e,
           lateral (select e.data->>case e.type when 'ItemTextFetched' then 'text' else 'content' end as hash) spoken
     where e.position between ${start} and ${end} and e.type in ('ItemIngested', 'ItemRevised', 'ItemTextFetched')
       and not exists (select from sw_log.content c where c.hash = spoken.hash)
     group by 1 order by 2`.execute(db);
  return rows;
}

/** Looks for texts that items up to `end` speak of and that are gone; yields those that were taken down apart. */
export async function* verifyWordsKept(
  db: Db | Tx,
  from: number,
  end: Position,
): AsyncGenerator<{ readonly takenDown: readonly ContentHash[]; readonly damages: readonly Damage[] }> {
  let known = await takenDown(db);
  for (let start = from + 1; start <= end; start += POSITIONS_PER_LOOK) {
    const missing = await missingBetween(db, start, Math.min(start + POSITIONS_PER_LOOK - 1, end));
    // It may have been taken down since we asked.
    if (missing.some(({ hash }) => !known.has(hash))) known = await takenDown(db);
    const lost = missing.filter(({ hash }) => !known.has(hash));
    yield {
      takenDown: missing.filter(({ hash }) => known.has(hash)).map(({ hash }) => hash),
      damages: lost.map(({ hash, at }) => ({ kind: 'text removed', position: position(at), hash })),
    };
  }
}
