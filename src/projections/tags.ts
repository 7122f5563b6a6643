import { sql } from 'kysely';
import type { Recorded } from '../events/event.ts';
import type { ItemId } from '../events/ids.ts';
import type { ItemTagged } from '../events/item.ts';
import type { Tx } from '../store/database.ts';

/** The language of coverage rows whose items have none. */
const UNDETERMINED = 'und';

/** Changes to coverage, by `subject day lang`. */
class CoverageDelta {
  readonly #deltas = new Map<string, number>();

  add(subject: string, day: string, lang: string, by: 1 | -1): void {
    const key = JSON.stringify([subject, day, lang]);
    this.#deltas.set(key, (this.#deltas.get(key) ?? 0) + by);
  }

  /** Adds the changes to the table; rows that come to nothing go. */
  async write(tx: Tx): Promise<void> {
    const changes = [...this.#deltas].filter(([, by]) => by !== 0);
    if (changes.length === 0) return;
    const keys = changes.map(([key]) => JSON.parse(key) as [string, string, string]);
    const columns = [0, 1, 2].map((column) => keys.map((key) => key[column]));
    const by = changes.map(([, delta]) => delta);
    await sql`
      insert into sw_read.coverage as c (subject, day, lang, items)
      select * from unnest(${columns[0]}::text[], ${columns[1]}::date[], ${columns[2]}::text[], ${by}::int[])
      on conflict (subject, day, lang) do update set items = c.items + excluded.items`.execute(tx);
    await sql`
      delete from sw_read.coverage c
       using unnest(${columns[0]}::text[], ${columns[1]}::date[], ${columns[2]}::text[]) as k (subject, day, lang)
       where c.subject = k.subject and c.day = k.day and c.lang = k.lang and c.items = 0`.execute(tx);
  }
}

interface TagKey {
  subject: string;
  day: string;
  lang: string;
}

/**
 * Brings the tags of revised items, and coverage, to the dates the items have now: a revision may bring the first one.
 * After every batch tags stand where their items do, so it does not matter where the log was cut into batches.
 */
export async function moveTags(tx: Tx, revised: readonly ItemId[]): Promise<void> {
  if (revised.length === 0) return;
  const { rows } = await sql<TagKey & { to: string }>`
    select t.subject, (t.at at time zone 'UTC')::date::text as day, (i.at at time zone 'UTC')::date::text as to,
           coalesce(t.lang, ${UNDETERMINED}) as lang
      from sw_read.tags t join sw_read.items i on i.item = t.item
     where t.item = any(${revised}::text[]) and t.at <> i.at`.execute(tx);
  if (rows.length === 0) return;
  const delta = new CoverageDelta();
  for (const { subject, day, to, lang } of rows) {
    delta.add(subject, day, lang, -1);
    delta.add(subject, to, lang, 1);
  }
  await sql`
    update sw_read.tags t set at = i.at from sw_read.items i
     where i.item = t.item and t.item = any(${revised}::text[]) and t.at <> i.at`.execute(tx);
  await delta.write(tx);
}

/** Replaces the tags of items by those of their latest tagging, and brings coverage along. */
export async function applyTags(tx: Tx, events: readonly Recorded<ItemTagged>[]): Promise<void> {
  if (events.length === 0) return;
  const delta = new CoverageDelta();
  const tagged: ItemId[] = events.map((event) => event.data.item);
  const gone = await sql<TagKey>`
    delete from sw_read.tags where item = any(${tagged}::text[])
    returning subject, (at at time zone 'UTC')::date::text as day, coalesce(lang, ${UNDETERMINED}) as lang`.execute(
    tx,
  );
  for (const { subject, day, lang } of gone.rows) delta.add(subject, day, lang, -1);

  const rows = events.flatMap(({ data }) =>
    data.tags.map((tag) => ({ item: data.item, lang: data.lang, tag })),
  );
  const added = await sql<TagKey>`
    insert into sw_read.tags (item, subject, kind, salience, mentions, lang, at, position)
    select t.item, t.subject, t.kind, t.salience, t.mentions, coalesce(t.lang, i.lang), i.at, i.position
      from unnest(
        ${rows.map((row) => row.item)}::text[], ${rows.map((row) => row.tag.id)}::text[],
        ${rows.map((row) => row.tag.kind)}::text[], ${rows.map((row) => row.tag.salience)}::real[],
        ${rows.map((row) => JSON.stringify(row.tag.mentions))}::jsonb[], ${rows.map((row) => row.lang)}::text[]
      ) as t (item, subject, kind, salience, mentions, lang)
      join sw_read.items i on i.item = t.item
    returning subject, (at at time zone 'UTC')::date::text as day, coalesce(lang, ${UNDETERMINED}) as lang`.execute(
    tx,
  );
  for (const { subject, day, lang } of added.rows) delta.add(subject, day, lang, 1);
  await delta.write(tx);
}
