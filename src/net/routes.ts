import assert from 'node:assert/strict';
import type { Dispatcher } from 'undici';
import { blockedHost } from './address.ts';
import type { BlockedAddress } from './address.ts';
import { createAgent, createForwarder, createTunnels } from './agent.ts';
import type { AgentOptions } from './agent.ts';
import { proxyFor } from './proxies.ts';
import type { Proxies } from './proxies.ts';
import { basicAuthorization } from './target.ts';

/** How one URL is asked for. */
export interface Route {
  readonly dispatcher: Dispatcher;
  /** Scheme, host and port of whom the connection is made for: the host, or a proxy that is given whole URLs. */
  readonly origin: string;
  /** What is asked of it: a path, or the whole URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** The ways out of a client: directly, guarded or not, or through proxies. */
export class Routes {
  readonly #proxies: Proxies;
  readonly #guarded: Dispatcher;
  readonly #open: Dispatcher;
  readonly #forwarder: Dispatcher | null;
  readonly #tunnels: Dispatcher | null;

  constructor(options: AgentOptions, proxies: Proxies) {
    this.#proxies = proxies;
    this.#guarded = createAgent(options, false);
    this.#open = createAgent(options, true);
    this.#forwarder = proxies.http && createForwarder(options, proxies.http);
    this.#tunnels = proxies.https && createTunnels(options, proxies.https);
  }

  /**
   * The way to a URL, or why there is none (blockedHost): by the spelling of the host, since a proxy resolves names itself, and
   * what it finds is not seen here.
   */
  to(url: URL, open: boolean): Route | BlockedAddress {
    const blocked = blockedHost(url, open);
    if (blocked !== null) return blocked;
    const proxy = proxyFor(this.#proxies, url);
    const path = url.pathname + url.search;
    if (proxy === null) {
      return { dispatcher: open ? this.#open : this.#guarded, origin: url.origin, path, headers: {} };
    }
    if (url.protocol === 'http:') {
      assert(this.#forwarder !== null, `no way through ${proxy.host}`);
      const token = basicAuthorization(proxy);
      const headers = { host: url.host, ...(token !== null && { 'proxy-authorization': token }) };
      return { dispatcher: this.#forwarder, origin: proxy.origin, path: url.origin + path, headers };
    }
    assert(this.#tunnels !== null, `no way through ${proxy.host}`);
    return { dispatcher: this.#tunnels, origin: url.origin, path, headers: {} };
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const ways = [this.#guarded, this.#open, this.#forwarder, this.#tunnels];
    await Promise.all(ways.flatMap((way) => (way === null ? [] : [way.destroy()])));
  }
}
