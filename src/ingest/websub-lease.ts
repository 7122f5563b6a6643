const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** What hubs are asked for; they may give another. */
export const LEASE_ASKED_S = 10 * 24 * 60 * 60;
/** A longer lease is believed for so long only: a hub forgets us one day, whatever it promised. */
export const LEASE_MS_MAX = 30 * DAY_MS;
/** What is believed of a hub that does not say, as hubs of before WebSub do not. */
const LEASE_UNSAID_MS = DAY_MS;
/** No hub makes us ask more often; between a shorter lease and the next there is none, and polling goes on as usual. */
export const RENEW_MS_MIN = 30 * MINUTE_MS;
/** How much of a lease passes before it is renewed: the rest is for hubs that are away for a while. */
const RENEW_AFTER = 2 / 3;
/** Renewals are spread over so much of the lease, as subscriptions made together would all be renewed together. */
const RENEW_SPREAD = 0.1;

/** How long an accepted request waits for the hub to call back. */
const VERIFY_WAIT_MS = 10 * MINUTE_MS;
const RETRY_MS_MAX = DAY_MS;
const RETRY_DOUBLINGS_MAX = 10;
/** How much later than its time a repeated request may go out, as a share of the wait. */
const RETRY_SPREAD = 0.25;
/** A hub that refused may have changed its mind by then. */
export const DENIED_RETRY_MS = 7 * DAY_MS;

/** A lease as it is believed. */
export interface Lease {
  readonly until: Date;
  readonly renewAt: Date;
}

/**
 * The lease that a hub's `hub.lease_seconds` gives from `now`, within our limits: its end, and when to ask again. `random` is
 * from 0 up to 1.
 */
export function leaseOf(seconds: string | null, now: Date, random: number): Lease {
  const said = seconds !== null && /^\d{1,15}$/.test(seconds) ? Number(seconds) * 1_000 : LEASE_UNSAID_MS;
  const ms = Math.min(said, LEASE_MS_MAX);
  const renewMs = Math.max(ms * (RENEW_AFTER - RENEW_SPREAD * random), RENEW_MS_MIN);
  return { until: new Date(now.getTime() + ms), renewAt: new Date(now.getTime() + Math.round(renewMs)) };
}

/**
 * Milliseconds until a request is repeated of which `attempts` (1 or more) came to nothing: doubling up to a day, with up to a
 * quarter more, so that subscriptions that failed together are not asked for together. `random` is from 0 up to 1.
 */
export function repeatMs(attempts: number, random: number): number {
  const wait = VERIFY_WAIT_MS * 2 ** Math.min(Math.max(attempts - 1, 0), RETRY_DOUBLINGS_MAX);
  return Math.round(Math.min(wait, RETRY_MS_MAX) * (1 + RETRY_SPREAD * random));
}
