import { BlockList, isIP } from 'node:net';
import { bareHost } from './host.ts';

// Where clouds tell a machine its own keys. All of IPv4's link-local block, since AWS, Google, Azure, Oracle, Tencent and the
// credentials of containers are there; Alibaba's is in the block of carriers, Oracle's old one in that of the IETF, and Azure's
// platform in a public block.
const V4 = new BlockList();
V4.addSubnet('169.254.0.0', 16, 'ipv4');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192']) V4.addAddress(address, 'ipv4');

const V6 = new BlockList();
for (const address of ['fd00:ec2::254', 'fd00:ec2::23', 'fd20:ce::254', 'fd00:c1::a9fe:a9fe'])
  V6.addAddress(address, 'ipv6');

/** Names that clouds answer by themselves: behind a proxy nobody sees what they lead to. */
const NAMES =
  /^(?:metadata|instance-data|metadata\.goog|(?:.*\.)?metadata\.google\.internal|metadata\.azure\.(?:internal|com)|instance-data(?:\.[a-z0-9-]+)?\.(?:ec2|compute)\.internal|metadata\.tencentyun\.com|metadata\.(?:packet\.net|platformequinix\.com))$/;

/** Prefixes behind which the last four bytes are an IPv4 address: compatible, mapped, translated, NAT64 (RFC 6052, 8215). */
const CARRYING = new BlockList();
for (const prefix of ['::', '::ffff:0:0', '::ffff:0:0:0', '64:ff9b::'])
  CARRYING.addSubnet(prefix, 96, 'ipv6');
CARRYING.addSubnet('64:ff9b:1::', 48, 'ipv6');
/** 6to4 (RFC 3056) has it behind the first two bytes. */
const SIX_TO_FOUR = new BlockList();
SIX_TO_FOUR.addSubnet('2002::', 16, 'ipv6');

/** The groups of an IPv6 address, as the URL parser writes every spelling in one. */
function groupsOf(address: string): string[] {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':');
}

function dotted(high: string | undefined, low: string | undefined): string {
  const [a, b] = [high, low].map((group) => Number.parseInt(group === '' ? '0' : (group ?? '0'), 16));
  return [(a ?? 0) >> 8, (a ?? 0) & 255, (b ?? 0) >> 8, (b ?? 0) & 255].join('.');
}

/** The IPv4 address in the last four bytes of an IPv6 one, however it is spelled. */
export function embeddedV4(address: string): string {
  return dotted(...(groupsOf(address).slice(-2) as [string, string]));
}

/** The IPv4 address that an IPv6 one stands for; null where it stands for itself. */
function carriedV4(address: string): string | null {
  if (CARRYING.check(address, 'ipv6')) return embeddedV4(address);
  if (!SIX_TO_FOUR.check(address, 'ipv6')) return null;
  const [, high, low] = groupsOf(address);
  return dotted(high, low);
}

/**
 * Whether an IP address is one under which clouds give a machine its keys, which no feed, page or webhook ever has to be fetched
 * from: it stays closed to those too that may stand on private addresses.
 */
export function isMetadataAddress(address: string): boolean {
  const zone = address.indexOf('%');
  const bare = zone < 0 ? address : address.slice(0, zone);
  const family = isIP(bare);
  if (family === 4) return V4.check(bare, 'ipv4');
  if (family !== 6) return false;
  const carried = carriedV4(bare);
  return V6.check(bare, 'ipv6') || (carried !== null && V4.check(carried, 'ipv4'));
}

/** Whether a host, as the URL parser writes it, is a cloud's metadata service by its name or address. */
export function isMetadataHost(hostname: string): boolean {
  const host = bareHost(hostname).toLowerCase();
  return NAMES.test(host) || isMetadataAddress(host);
}
