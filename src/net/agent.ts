import { Agent, buildConnector } from 'undici';
import type { LookupFunction } from 'node:net';
import { BlockedAddress, guardedLookup, isPublicAddress } from './address.ts';
import type { HttpLimits } from './limits.ts';

/** Of all headers of an answer together. */
const HEADERS_BYTES_MAX = 32 * 1024;

/** Checks the address a connection was really made to, whatever the resolver said before. */
function guardedConnector(limits: HttpLimits, lookup: LookupFunction | undefined): buildConnector.connector {
  const connect = buildConnector({ timeout: limits.connectMs, lookup: guardedLookup(lookup) });
  return (options, callback) => {
    connect(options, (error, socket) => {
      if (error !== null) {
        callback(error, null);
        return;
      }
      const address = socket.remoteAddress ?? 'an unknown address';
      if (isPublicAddress(address)) {
        callback(null, socket);
      } else {
        socket.destroy();
        callback(new BlockedAddress(options.hostname, address), null);
      }
    });
  };
}

/** Connections within `limits`; unless `open`, to public addresses only. */
export function createAgent(limits: HttpLimits, lookup: LookupFunction | undefined, open: boolean): Agent {
  const openConnect = { timeout: limits.connectMs, ...(lookup === undefined ? {} : { lookup }) };
  return new Agent({
    connect: open ? openConnect : guardedConnector(limits, lookup),
    headersTimeout: limits.firstByteMs,
    bodyTimeout: limits.idleMs,
    maxHeaderSize: HEADERS_BYTES_MAX,
  });
}
