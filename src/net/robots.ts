import type { HttpClient, HttpOutcome } from './http.ts';
import { parseRobots } from './robots-rules.ts';
import type { RobotsRules } from './robots-rules.ts';

/** Bytes of a robots.txt that are read (RFC 9309 §2.5 asks for 500 kiB at least); rules behind them do not count. */
export const ROBOTS_BYTES_MAX = 500 * 1024;
/** How long the rules of a host are believed; RFC 9309 §2.4 allows a day. */
export const ROBOTS_TTL_MS = 24 * 60 * 60 * 1000;
/** How long a host counts as closed of which the rules could not be had. */
export const ROBOTS_UNREACHABLE_TTL_MS = 60 * 60 * 1000;
/** Hosts whose rules are remembered; the one asked about longest ago makes room. */
const ROBOTS_HOSTS_MAX = 2_000;

const SERVER_ERROR = 500;
const TOO_MANY_REQUESTS = 429;

/** Whether a URL may be fetched, and why not, in words. */
export type RobotsAnswer = { readonly allowed: true } | { readonly allowed: false; readonly reason: string };

export interface RobotsOptions {
  readonly allowPrivate?: boolean;
  readonly signal?: AbortSignal;
}

interface Known {
  readonly rules: Promise<RobotsRules | string>;
  until: number;
}

/**
 * The rules in an answer, or why the host counts as closed (RFC 9309 §2.3.1): a 4xx is a host that has none, a 5xx or no
 * answer may be one whose rules we cannot see. 429 asks to be left alone, and is taken at its word.
 */
function rulesOf(outcome: HttpOutcome, agent: string): RobotsRules | string {
  if (outcome.kind === 'failed') return outcome.reason;
  const { status, url, body } = outcome;
  if (status >= SERVER_ERROR || status === TOO_MANY_REQUESTS) return `${url}: answered ${status}`;
  if (status < 200 || status > 299) return parseRobots('', agent);
  const text = new TextDecoder().decode(body.subarray(0, ROBOTS_BYTES_MAX));
  return parseRobots(text, agent);
}

/** What hosts say in their robots.txt, remembered. Rules go by scheme, host and port. */
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
    const rules = await this.#rules(target.origin, options);
    if (typeof rules === 'string') {
      return { allowed: false, reason: `no rules to be had, so none are assumed to allow: ${rules}` };
    }
    const path = target.pathname + target.search;
    if (path === '/robots.txt' || rules.allows(path)) return { allowed: true };
    return { allowed: false, reason: `${target.origin}/robots.txt disallows ${path}` };
  }

  #rules(origin: string, options: RobotsOptions): Promise<RobotsRules | string> {
    const known = this.#known.get(origin);
    // Set anew, it stands last in the order of the map, which is that of use.
    this.#known.delete(origin);
    const fresh =
      known !== undefined && known.until > this.#now().getTime() ? known : this.#ask(origin, options);
    this.#known.set(origin, fresh);
    if (this.#known.size > ROBOTS_HOSTS_MAX) {
      const [oldest] = this.#known.keys();
      if (oldest !== undefined) this.#known.delete(oldest);
    }
    return fresh.rules;
  }

  #ask(origin: string, options: RobotsOptions): Known {
    const rules = this.#http
      .get(`${origin}/robots.txt`, options)
      .then((outcome) => rulesOf(outcome, this.#agent));
    const known: Known = { rules, until: this.#now().getTime() + ROBOTS_TTL_MS };
    void rules.then((found) => {
      if (typeof found === 'string') known.until = this.#now().getTime() + ROBOTS_UNREACHABLE_TTL_MS;
      // Our own stop says nothing about the host.
      if (options.signal?.aborted === true) known.until = 0;
    });
    return known;
  }
}
