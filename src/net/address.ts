import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { bareHost } from './host.ts';
import { embeddedV4, isMetadataAddress, isMetadataHost } from './metadata.ts';

/** Why an address was refused; undici hands it on as the error of the connection. */
export class BlockedAddress extends Error {
  override readonly name = 'BlockedAddress';
  readonly code = 'ERR_BLOCKED_ADDRESS';
  /** `address` is what the host stands for; null where the name alone says enough. */
  constructor(host: string, address: string | null) {
    super(blockedText(host, address));
  }
}

function blockedText(host: string, address: string | null): string {
  if (isMetadataHost(host)) return `${host} is a cloud's metadata service, which is never asked`;
  if (isMetadataAddress(address ?? ''))
    return `${host} resolves to ${address}, a cloud's metadata service, which is never asked`;
  if (address === null) return `${host} is a name that only a private network has`;
  if (host === address) return `${host} is a private or reserved address`;
  return `${host} resolves to ${address}, a private or reserved address`;
}

// IANA IPv4 Special-Purpose Address Registry, every block that is not globally reachable, and multicast; and the address
// of Azure's platform, which is out of a public block but answers the machines of that cloud alone.
const V4_BLOCKED = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '168.63.129.16/32',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
];
// Only 2000::/3 is handed out to the world, and these parts of it are not: IETF protocols with Teredo and
// ORCHID, documentation, and 6to4, which smuggles an IPv4 address past a check of the IPv6 one.
const V6_BLOCKED = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];
/** NAT64 (RFC 6052): the last four bytes are the IPv4 address that is really reached. */
const NAT64_PREFIX = '64:ff9b::/96';

function blockList(family: 'ipv4' | 'ipv6', ranges: readonly string[]): BlockList {
  const list = new BlockList();
  for (const range of ranges) {
    const slash = range.indexOf('/');
    list.addSubnet(range.slice(0, slash), Number(range.slice(slash + 1)), family);
  }
  return list;
}

const v4Blocked = blockList('ipv4', V4_BLOCKED);
const v6Blocked = blockList('ipv6', V6_BLOCKED);
const v6Global = blockList('ipv6', ['2000::/3']);
const v6Mapped = blockList('ipv6', ['::ffff:0:0/96']);
const nat64 = blockList('ipv6', [NAT64_PREFIX]);

/**
 * Whether an IP address is one that the public internet can reach: no loopback, private, link-local, metadata
 * or reserved one.
 */
export function isPublicAddress(address: string): boolean {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  const family = isIP(bare);
  if (family === 4) return !v4Blocked.check(bare, 'ipv4');
  if (family !== 6) return false;
  if (v6Mapped.check(bare, 'ipv6') || nat64.check(bare, 'ipv6')) return isPublicAddress(embeddedV4(bare));
  return v6Global.check(bare, 'ipv6') && !v6Blocked.check(bare, 'ipv6');
}

const OWN_MACHINE = blockList('ipv4', ['127.0.0.0/8']);
OWN_MACHINE.addAddress('::1', 'ipv6');

/** Whether a host is this machine itself, by its name (RFC 6761) or a loopback address. */
export function isOwnMachine(hostname: string): boolean {
  const host = bareHost(hostname).toLowerCase();
  const family = isIP(host);
  if (family === 0) return host === 'localhost' || host.endsWith('.localhost');
  return OWN_MACHINE.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

// RFC 6761, 6762 and 8375, ICANN's .internal, and the names that routers and companies give without asking anybody.
const LOCAL_SUFFIXES =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa)$/;

/** Whether a host is a name that only a private network can know: of a single label, or under a suffix that is no one's. */
export function isLocalName(hostname: string): boolean {
  const host = bareHost(hostname).toLowerCase();
  return isIP(host) === 0 && (!host.includes('.') || LOCAL_SUFFIXES.test(host));
}

/**
 * Refuses a URL by what its host is, before anybody is asked: an address written out that is not public, a name that only a
 * private network has; where private ones are `open`, a cloud's metadata service alone. The URL parser has turned decimal, octal
 * and hexadecimal spellings of IPv4 into dotted ones by then. Where other names lead is seen when they are resolved.
 */
export function blockedHost(url: URL, open: boolean): BlockedAddress | null {
  const host = bareHost(url.hostname);
  const isAddress = isIP(host) !== 0;
  if (isMetadataHost(host)) return new BlockedAddress(host, isAddress ? host : null);
  if (open) return null;
  if (!isAddress) return isLocalName(host) ? new BlockedAddress(host, null) : null;
  return isPublicAddress(host) ? null : new BlockedAddress(host, host);
}

/** Whether connections may be made to an address; where private ones are `open`, to all but a cloud's metadata service. */
export function mayConnect(address: string, open: boolean): boolean {
  return open ? !isMetadataAddress(address) : isPublicAddress(address);
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** A `lookup` for sockets that gives only addresses that mayConnect allows, so that no packet leaves for any other. */
export function guardedLookup(open: boolean, resolve: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions = { ...options, all: true };
    resolve(hostname, all, (error, found) => {
      if (error === null) answerAllowed(hostname, found, open, options, callback);
      else callback(error, []);
    });
  };
}

function answerAllowed(
  hostname: string,
  found: string | LookupAddress[],
  open: boolean,
  options: LookupOptions,
  callback: LookupCallback,
): void {
  const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
  const allowed = addresses.filter((entry) => mayConnect(entry.address, open));
  const [first] = allowed;
  if (first === undefined) {
    callback(new BlockedAddress(hostname, addresses[0]?.address ?? 'nothing'), []);
  } else if (options.all === true) {
    callback(null, allowed);
  } else {
    callback(null, first.address, first.family);
  }
}
