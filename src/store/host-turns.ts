import { sql } from 'kysely';
import type { Db } from './database.ts';

/** How long a turn is held by whoever took it and was never heard of again. */
export const HOST_TURN_MS_MAX = 2 * 60_000;
/** Hosts that nothing is polled from are forgotten when they have been free for so long. */
const HOST_FORGOTTEN_MS = 24 * 60 * 60_000;

/** As isOwnMachine of net/address.ts has it, which lies beside this layer: hosts as the URL parser writes them. */
const OWN_MACHINE = /^(?:(?:.*\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/**
 * The host that takes turns for `url`: its name in lower case without the port, since several ports are one machine; null for the
 * own machine, which nobody has to be polite to, and for what is no URL of a host.
 */
export function hostOf(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const host = new URL(url).hostname.toLowerCase().replace(/\.$/, '');
  return host === '' || OWN_MACHINE.test(host) ? null : host;
}

/**
 * Takes the turn of `host` for one request, until endHostTurn or for HOST_TURN_MS_MAX at most: `taken`, or when to try again.
 * Any number of processes may try: one gets it. Feeds take theirs with claimDueFeeds.
 */
export async function takeHostTurn(db: Db, host: string, now: Date): Promise<'taken' | Date> {
  const until = new Date(now.getTime() + HOST_TURN_MS_MAX);
  const { rows } = await sql<{ taken: boolean; free_at: Date }>`
    with taken as (
      insert into sw_work.hosts as h (host, free_at, look_at) values (${host}, ${until}, 'infinity')
          on conflict (host) do update set free_at = excluded.free_at where h.free_at <= ${now}
      returning free_at)
    select true as taken, free_at from taken
    union all
    select false, free_at from sw_work.hosts where host = ${host} and not exists (select from taken)`.execute(
    db,
  );
  const [row] = rows;
  // Entered by another in the middle of this statement, which cannot see it: theirs is the turn.
  if (row === undefined) return until;
  return row.taken ? 'taken' : row.free_at;
}

/**
 * Ends the turn that was taken at `takenAt`: the next request to `host` may be made from `freeAt` on. One that has lapsed is
 * over, and the turn that another has taken since then stands.
 */
export async function endHostTurn(db: Db, host: string, takenAt: Date, freeAt: Date): Promise<void> {
  const until = new Date(takenAt.getTime() + HOST_TURN_MS_MAX);
  await sql`
    update sw_work.hosts set free_at = ${freeAt}, look_at = least(look_at, ${freeAt})
     where host = ${host} and free_at = ${until}`.execute(db);
}

/** Has the claim of due feeds look at these hosts by `lookAt`; those that are not known yet are entered. */
export async function wakeHosts(db: Db, hosts: ReadonlySet<string>, lookAt: Date): Promise<void> {
  if (hosts.size === 0) return;
  // In one order, as everything that changes several: two in different orders would wait for each other.
  const sorted = [...hosts].sort();
  await sql`
    insert into sw_work.hosts as h (host, free_at, look_at)
    select host, 'epoch', ${lookAt} from unnest(${sorted}::text[]) as w (host)
        on conflict (host) do update set look_at = least(h.look_at, excluded.look_at)`.execute(db);
}

/** Forgets hosts that nothing is polled from and that nobody has asked for long. */
export async function forgetHosts(db: Db, now: Date): Promise<void> {
  const before = new Date(now.getTime() - HOST_FORGOTTEN_MS);
  await sql`delete from sw_work.hosts where look_at = 'infinity' and free_at < ${before}`.execute(db);
}
