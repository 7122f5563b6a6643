import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import type { LookupFunction } from 'node:net';

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

/** The IPv4 address in the last four bytes of an IPv6 one, however it is spelled. */
function embeddedV4(address: string): string {
  // The URL parser writes every spelling in one: hexadecimal groups, shortest form.
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':');
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || '0', 16));
  const bytes = [(high ?? 0) >> 8, (high ?? 0) & 255, (low ?? 0) >> 8, (low ?? 0) & 255];
  return bytes.join('.');
}

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

/** A host as it is compared: without the brackets of IPv6 and the dot that ends a full name. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$|\.$/g, '');
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
 * Refuses a URL whose host is an address written out that is not public, or returns it. The URL parser has
 * turned decimal, octal and hexadecimal spellings of IPv4 into dotted ones by then. Names are checked when
 * they are resolved.
 */
export function blockedLiteral(url: URL): BlockedAddress | null {
  const host = bareHost(url.hostname);
  if (isIP(host) === 0) return null;
  return isPublicAddress(host) ? null : new BlockedAddress(host, host);
}

type LookupCallback = (
  error: NodeJS.ErrnoException | null,
  address: string | LookupAddress[],
  family?: number,
) => void;

/** A `lookup` for sockets that gives public addresses only, so that no packet leaves for any other. */
export function guardedLookup(resolve: LookupFunction = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupOptions = { ...options, all: true };
    resolve(hostname, all, (error, found) => {
      answerPublic(hostname, options, callback, error, found);
    });
  };
}

function answerPublic(
  hostname: string,
  options: LookupOptions,
  callback: LookupCallback,
  error: NodeJS.ErrnoException | null,
  found: string | LookupAddress[],
): void {
  if (error !== null) {
    callback(error, []);
    return;
  }
  const addresses = typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
  const open = addresses.filter((entry) => isPublicAddress(entry.address));
  const [first] = open;
  if (first === undefined) {
    callback(new BlockedAddress(hostname, addresses[0]?.address ?? 'nothing'), []);
  } else if (options.all === true) {
    callback(null, open);
  } else {
    callback(null, first.address, first.family);
  }
}
