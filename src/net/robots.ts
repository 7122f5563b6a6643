import type { HttpClient, HttpFailureCode, HttpOutcome } from './http.ts';
import { retryAfterMs } from './retry-after.ts';
import { parseRobots } from './robots-rules.ts';
import type { RobotsRules } from './robots-rules.ts';

/** Bytes of a robots.txt that are read (RFC 9309 §2.5 asks for 500 kiB at least); rules behind them do not count. */
export const ROBOTS_BYTES_MAX = 500 * 1024;
/** How long the rules of a host are believed; RFC 9309 §2.4 allows a day. */
export const ROBOTS_TTL_MS = 24 * 60 * 60 * 1000;
/** How long a host is not asked again whose rules could not be had: no longer than a page of it waits to be tried again. */
export const ROBOTS_UNREACHABLE_TTL_MS = 60 * 1000;
/** Hosts whose rules are remembered; the one asked about longest ago makes room. */
const ROBOTS_HOSTS_MAX = 2_000;

const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** There are no rules to be had, so none are assumed to allow; it may be otherwise another time. */
export interface RobotsUnreachable {
  readonly kind: 'unreachable';
  /** One sentence for people, naming the robots.txt. */
  readonly reason: string;
  /** What kept us from an answer; null where there was one. */
  readonly code: HttpFailureCode | null;
  /** Of the answer; null where there was none. */
  readonly status: number | null;
  /** What the answer asked to wait. */
  readonly retryAfterMs: number | null;
}

/** Whether a URL may be fetched, and why not. */
export type RobotsAnswer =
  { readonly kind: 'allowed' } | { readonly kind: 'disallowed'; readonly reason: string } | RobotsUnreachable;

export interface RobotsOptions {
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
}

type Found = { readonly kind: 'rules'; readonly rules: RobotsRules } | RobotsUnreachable;

interface Known {
  readonly found: Promise<Found>;
  until: number;
}

/**
 * The rules in an answer, or why there are none (RFC 9309 §2.3.1): a 4xx is a host that has none, a 5xx or no answer
 * may be one whose rules we cannot see. 429 asks to be left alone, and is taken at its word.
 */
function foundIn(outcome: HttpOutcome, agent: string, now: Date): Found {
  if (outcome.kind === 'failed') {
    const { code, reason } = outcome;
    return { kind: 'unreachable', reason, code, status: null, retryAfterMs: null };
  }
  const { status, url, headers, body } = outcome;
  if (status >= SERVER_ERROR || status === TOO_MANY_REQUESTS) {
    const wait = retryAfterMs(headers['retry-after'], now);
    return {
      kind: 'unreachable',
      reason: `${url}: answered ${status}`,
      code: null,
      status,
      retryAfterMs: wait,
    };
  }
  const isThere = status >= 200 && status <= 299;
  const text = isThere ? new TextDecoder().decode(body.subarray(0, ROBOTS_BYTES_MAX)) : '';
  return { kind: 'rules', rules: parseRobots(text, agent) };
}

/**
 * What hosts say in their robots.txt, remembered. Rules go by scheme, host and port, and by whether private addresses were
 * allowed: an address refused to one who may not ask it is open to one who may.
 */
export class Robots {
  readonly #http: HttpClient;
  readonly #agent: string;
  readonly #now: () => Date;
  readonly #known = new Map<string, Known>();

  /** `agent` is our product token, as hosts name it: a name without version. */
  constructor(http: HttpClient, agent: string, now: () => Date) {
    this.#http = http;
    this.#agent = agent;
    this.#now = now;
  }

  /** Whether `url`, an http(s) one, may be fetched. Throws for none; what a server does is an answer. */
  async allows(url: string, options: RobotsOptions = {}): Promise<RobotsAnswer> {
    const target = new URL(url);
    const found = await this.#find(target.origin, options);
    if (found.kind === 'unreachable') return found;
    const path = target.pathname + target.search;
    if (path === '/robots.txt' || found.rules.allows(path)) return { kind: 'allowed' };
    return { kind: 'disallowed', reason: `${target.origin}/robots.txt disallows ${path}` };
  }

  #find(origin: string, options: RobotsOptions): Promise<Found> {
    const key = `${options.allowPrivate === true ? 'private ' : ''}${origin}`;
    const known = this.#known.get(key);
    // Set anew, it stands last in the order of the map, which is that of use.
    this.#known.delete(key);
    const fresh =
      known !== undefined && known.until > this.#now().getTime() ? known : this.#ask(origin, options);
    this.#known.set(key, fresh);
    if (this.#known.size > ROBOTS_HOSTS_MAX) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return fresh.found;
  }

  #ask(origin: string, options: RobotsOptions): Known {
    const found = this.#http
      .get(`${origin}/robots.txt`, options)
      .then((outcome) => foundIn(outcome, this.#agent, this.#now()));
    const known: Known = { found, until: this.#now().getTime() + ROBOTS_TTL_MS };
    void found.then(({ kind }) => {
      if (kind === 'unreachable') known.until = this.#now().getTime() + ROBOTS_UNREACHABLE_TTL_MS;
      // Our own stop says nothing about the host.
      if (options.signal?.aborted === true) known.until = 0;
    });
    return known;
  }
}
