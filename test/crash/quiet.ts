import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { readCheckpoints } from '../../src/store/checkpoints.ts';
import { head } from '../../src/store/read.ts';
import { countUntagged } from '../../src/store/undone.ts';
import { requeueUntagged } from '../../src/workers/reconcile.ts';
import type { TickDeps } from '../../src/workers/tick.ts';

const LOOK_EVERY_MS = 50;
/** What a killed process had in hand is queued again when nothing has moved for so long. */
const STILL_MS_MAX = 1_000;

interface Left {
  readonly positions: number;
  readonly untagged: number;
  readonly deliveries: number;
  readonly feeds: number;
  readonly pages: number;
  readonly pushes: number;
}

interface Quiet {
  /** Every consumer. */
  readonly names: readonly string[];
  readonly halted: ReadonlyMap<string, Error>;
  /** Whether feeds and pages do not count that are claimed. */
  readonly leavesClaims: boolean;
  /** Says how many pushes nobody has taken yet. */
  readonly pushesLeft: string;
  /** Where no work that is left has moved for so long it never will be quiet; a busy machine takes its time as long as it moves. */
  readonly quietMs: number;
}

async function left(
  { store: { db }, now }: TickDeps,
  { names, leavesClaims, pushesLeft }: Quiet,
): Promise<Left> {
  const last = await head(db);
  const checkpoints = await readCheckpoints(db, names);
  const lag =
    checkpoints.length < names.length
      ? last
      : last - Math.min(...checkpoints.map(({ position }) => position));
  const isLeft = sql`coalesce(not (${leavesClaims} and claimed_until > ${now()}), true)`;
  const { rows } = await sql<{ feeds: number; deliveries: number; pages: number }>`
    select (select count(*) from sw_work.feed_schedule
             where enabled and next_due_at <= ${now()} and ${isLeft}) as feeds,
           (select count(*) from sw_work.deliveries where not done) as deliveries,
           (select count(*) from sw_work.pages where ${isLeft}) as pages`.execute(db);
  const { feeds = 0, deliveries = 0, pages = 0 } = rows[0] ?? {};
  const pushes = Number(await (await fetch(pushesLeft)).text());
  return { positions: lag, untagged: await countUntagged(db), deliveries, feeds, pages, pushes };
}

/** What a test that fails has to tell of feeds that are due and deliveries that are not done. */
async function stillOpen({ store, queues, now }: TickDeps): Promise<string> {
  const at = now();
  const { rows } = await sql<{ row: string }>`
    select to_jsonb(s)::text as row from sw_work.feed_schedule s where enabled and next_due_at <= ${at}
    union all
    select to_jsonb(d)::text from sw_work.deliveries d where not done`.execute(store.db);
  const counts = { ingest: await queues.counts('ingest'), deliver: await queues.counts('deliver') };
  return `at ${at.toISOString()} ${rows.map(({ row }) => row).join(' ')} ${JSON.stringify(counts)}`;
}

/** Waits until no feed is due, consumers have caught up and nothing is left to tag or deliver. */
export async function untilQuiet(deps: TickDeps, quiet: Quiet): Promise<void> {
  let last = '';
  let lastWork = '';
  let moved = performance.now();
  let end = performance.now() + quiet.quietMs;
  for (;;) {
    const [first] = quiet.halted.values();
    if (first !== undefined) throw first;
    const state = await left(deps, quiet).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'could not look what is left');
      return null;
    });
    if (state !== null && Object.values(state).every((count) => count === 0)) return;
    const text = JSON.stringify(state);
    // Feeds come and go: that some are due is no work that gets less.
    const work = JSON.stringify({ ...state, feeds: 0 });
    if (work !== lastWork) end = performance.now() + quiet.quietMs;
    lastWork = work;
    if (performance.now() > end)
      throw new Error(`not quiet in time, left: ${text}; ${await stillOpen(deps)}`);
    if (text !== last) {
      last = text;
      moved = performance.now();
    } else if (performance.now() - moved > STILL_MS_MAX && state?.positions === 0 && state.untagged > 0) {
      moved = performance.now();
      await requeueUntagged(deps);
    }
    await setTimeout(LOOK_EVERY_MS);
  }
}
