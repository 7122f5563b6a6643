import { BlockList, isIP } from 'node:net';
import { isOwnMachine } from './address.ts';
import { bareHost } from './host.ts';

/** A setting of the standard variables that cannot be used. Names the variable, never its value, which may hold a password. */
export class ProxyError extends Error {
  override readonly name = 'ProxyError';
}

/** A host that is asked directly, whatever proxy there is. */
interface Exemption {
  /** Without leading dot, lower case; covers what lies below it too. Null where `range` says it. */
  readonly host: string | null;
  readonly range: BlockList | null;
  readonly port: string | null;
}

/** Through whom hosts are asked. */
export interface Proxies {
  readonly http: URL | null;
  readonly https: URL | null;
  /** True: NO_PROXY is `*`, nobody is asked through a proxy. */
  readonly never: boolean;
  readonly exempt: readonly Exemption[];
}

export const NO_PROXIES: Proxies = { http: null, https: null, never: false, exempt: [] };

type Environment = Readonly<Record<string, string | undefined>>;

/** The lower-case spelling wins, as in curl: it is the older one. */
function valueOf(env: Environment, name: string): { name: string; value: string } | null {
  for (const spelling of [name.toLowerCase(), name]) {
    const value = env[spelling]?.trim() ?? '';
    if (value !== '') return { name: spelling, value };
  }
  return null;
}

function proxyOf(env: Environment, variable: string): URL | null {
  const found = valueOf(env, variable) ?? valueOf(env, 'ALL_PROXY');
  if (found === null) return null;
  const { name, value } = found;
  const text = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  if (!URL.canParse(text)) throw new ProxyError(`${name} is not the URL of a proxy (http://host:port)`);
  const url = new URL(text);
  if (url.protocol === 'http:' || url.protocol === 'https:') return url;
  throw new ProxyError(`${name} names a ${url.protocol}// proxy: only http:// and https:// ones can be used`);
}

function rangeOf(entry: string): BlockList | null {
  const [address = '', bits = ''] = entry.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 4 ? 32 : 128)) return null;
  const list = new BlockList();
  list.addSubnet(address, Number(bits), family === 4 ? 'ipv4' : 'ipv6');
  return list;
}

function exemptionOf(entry: string): Exemption {
  const range = rangeOf(entry);
  if (range !== null) return { host: null, range, port: null };
  const { host = '', port = null } = /^(?<host>.+):(?<port>\d{1,5})$/.exec(entry)?.groups ?? {};
  // An IPv6 address without brackets ends like a host with a port.
  const whole = port === null || isIP(entry) === 6;
  const name = (whole ? entry : host).toLowerCase().replace(/^\*?\./, '');
  return { host: bareHost(name), range: null, port: whole ? null : port };
}

/**
 * The proxies that the standard variables name: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY for what has none of its own, and
 * NO_PROXY (hosts with all below them, addresses, ranges, each with a port where it has one; `*` for all). Throws
 * ProxyError.
 */
export function proxiesOf(env: Environment): Proxies {
  const entries = (valueOf(env, 'NO_PROXY')?.value ?? '').split(/[\s,]+/).filter((entry) => entry !== '');
  return {
    http: proxyOf(env, 'HTTP_PROXY'),
    https: proxyOf(env, 'HTTPS_PROXY'),
    never: entries.includes('*'),
    exempt: entries.filter((entry) => entry !== '*').map(exemptionOf),
  };
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

function isExempt(host: string, port: string, exemption: Exemption): boolean {
  if (exemption.port !== null && exemption.port !== port) return false;
  const family = isIP(host);
  if (exemption.range !== null)
    return family !== 0 && exemption.range.check(host, family === 4 ? 'ipv4' : 'ipv6');
  return host === exemption.host || (family === 0 && host.endsWith(`.${exemption.host}`));
}

/** The proxy through which a URL is asked for; null: directly. The own machine always is: a proxy has another. */
export function proxyFor({ http, https, never, exempt }: Proxies, url: URL): URL | null {
  const host = bareHost(url.hostname);
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? '') : url.port;
  if (never || isOwnMachine(host) || exempt.some((exemption) => isExempt(host, port, exemption))) return null;
  return url.protocol === 'https:' ? https : http;
}
