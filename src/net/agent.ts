import { Agent, buildConnector, Pool, ProxyAgent } from 'undici';
import type { LookupFunction } from 'node:net';
import { BlockedAddress, guardedLookup, mayConnect } from './address.ts';
import { ProxyUnreachable } from './failure.ts';
import type { HttpLimits } from './limits.ts';
import type { Sockets } from './sockets.ts';
import { basicAuthorization } from './target.ts';

/** What all ways out of a client share. */
export interface AgentOptions {
  readonly limits: HttpLimits;
  readonly sockets: Sockets;
  /** The system's resolver unless given. */
  readonly lookup: LookupFunction | undefined;
  /** PEM of authorities trusted instead of the usual ones. */
  readonly ca: string | undefined;
}

/** Hands on only connections that were really made to an address that is allowed, whatever the resolver said before. */
export function refusingOthers(connect: buildConnector.connector, open: boolean): buildConnector.connector {
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const address = socket.remoteAddress ?? 'an unknown address';
      if (mayConnect(address, open)) {
        callback(null, socket);
      } else {
        socket.destroy();
        callback(new BlockedAddress(options.hostname, address), null);
      }
    });
  };
}

function connector(
  { limits, ca }: AgentOptions,
  lookup: LookupFunction | undefined,
): buildConnector.connector {
  return buildConnector({
    timeout: limits.connectMs,
    ...(lookup !== undefined && { lookup }),
    ...(ca !== undefined && { ca }),
  });
}

/** The limits as undici knows them; headers have a clock of ours (deadline.ts), as interim answers set back its. */
function limitOptions(limits: HttpLimits): Pool.Options {
  return {
    headersTimeout: limits.firstByteMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: limits.headerBytesMax,
    keepAliveTimeout: limits.keepAliveMs,
    keepAliveMaxTimeout: limits.keepAliveMs,
  };
}

/** Connections to the hosts themselves; unless `open`, to public addresses only, and never to a cloud's metadata service. */
export function createAgent(options: AgentOptions, open: boolean): Agent {
  const { limits, sockets, lookup } = options;
  const connect = refusingOthers(connector(options, guardedLookup(open, lookup)), open);
  return new Agent({
    ...limitOptions(limits),
    connections: limits.hostSocketsMax,
    connect: sockets.counted(connect),
  });
}

/** Connections to a proxy, which the operator vouches for: it may be at a private address. */
function proxyConnector(options: AgentOptions, proxy: URL): buildConnector.connector {
  const connect = options.sockets.counted(connector(options, options.lookup));
  return (to, callback) => {
    connect(to, (error, socket) => {
      if (error === null) callback(null, socket);
      else callback(new ProxyUnreachable(proxy, error), null);
    });
  };
}

/**
 * A proxy that is asked for whole URLs (RFC 9112 §3.2.2), as is usual for http; undici's ProxyAgent would keep a pool
 * for every host that was ever asked for this way, so it is a pool to the proxy instead.
 */
export function createForwarder(options: AgentOptions, proxy: URL): Pool {
  return new Pool(proxy.origin, { ...limitOptions(options.limits), connect: proxyConnector(options, proxy) });
}

/** A proxy that is asked for a tunnel to each host (CONNECT, RFC 9110 §9.3.6), as https needs it. */
export function createTunnels(options: AgentOptions, proxy: URL): ProxyAgent {
  const { limits, ca } = options;
  const token = basicAuthorization(proxy);
  return new ProxyAgent({
    ...limitOptions(limits),
    connections: limits.hostSocketsMax,
    uri: proxy.origin,
    ...(token !== null && { token }),
    requestTls: { timeout: limits.connectMs, ...(ca !== undefined && { ca }) },
    clientFactory: (origin) =>
      new Pool(origin, { ...limitOptions(limits), connect: proxyConnector(options, proxy) }),
  });
}
