/** A Redis or Valkey server's address. */
export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

interface Access {
  readonly hosts: readonly RedisHost[];
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
}

/** Where Redis is and how to enter: one server, Sentinels that know which one leads, or a Cluster. */
export type RedisPlace =
  | (Access & { readonly kind: 'standalone'; readonly db: number })
  | (Access & {
      readonly kind: 'sentinel';
      readonly db: number;
      readonly master: string;
      readonly sentinelPassword: string | null;
    })
  | (Access & { readonly kind: 'cluster' });

const PORT = 6379;
const SENTINEL_PORT = 26379;
const DB_MAX = 65_535;
const HOSTS_MAX = 64;
const SHAPE =
  /^(?<scheme>rediss?)(?:-(?<mode>sentinel|cluster))?:\/\/(?:(?<user>[^@/?#]*)@)?(?<hosts>[^@/?#]+)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/i;

/** What can be set behind the `?` of the URL of Sentinels. */
const SENTINEL_PARAMETERS = new Set(['db', 'sentinel-password']);

export const REDIS_URL_FORMS =
  'redis://user:password@host:port/db, rediss:// for TLS, redis-sentinel://host:port,host:port/master or redis-cluster://host:port,host:port';

/** A Redis URL that cannot be used. Names the trouble and never the URL, which may hold a password. */
export class InvalidRedisUrl extends Error {
  override readonly name = 'InvalidRedisUrl';
}

function hostOf(text: string, defaultPort: number): RedisHost {
  const url = URL.canParse(`http://${text}`) ? new URL(`http://${text}`) : null;
  // Port 80 is http's own, so that URL drops it; a colon at the end tells that something was written.
  const port = url?.port === '' ? (/:0*80$/.test(text) ? 80 : defaultPort) : Number(url?.port);
  if (url === null || url.hostname === '' || port === 0) {
    // Not shown: behind a / or an @ that should have been escaped, it is a piece of the password.
    throw new InvalidRedisUrl(
      'has a host that makes no sense (in a password, write %2F for / and %40 for @)',
    );
  }
  return { host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function decoded(text: string, what: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidRedisUrl(`has a ${what} with a % that begins no escape: write %25 for a %`);
  }
}

function dbOf(text: string): number {
  const db = text === '' ? 0 : Number(/^\d+$/.test(text) ? text : NaN);
  if (!(db <= DB_MAX)) {
    throw new InvalidRedisUrl(
      `has a database that is no number from 0 to ${DB_MAX} (in a password, write %2F for /)`,
    );
  }
  return db;
}

function accessOf(user: string | undefined, hosts: string, port: number, tls: boolean): Access {
  const list = hosts.split(',');
  if (list.length > HOSTS_MAX) throw new InvalidRedisUrl(`has ${list.length} hosts, more than ${HOSTS_MAX}`);
  const [name = '', ...rest] = (user ?? '').split(':');
  return {
    hosts: list.map((host) => hostOf(host, port)),
    username: name === '' ? null : decoded(name, 'user'),
    password: rest.length === 0 ? null : decoded(rest.join(':'), 'password'),
    tls,
  };
}

function sentinelsOf(access: Access, path: string, parameters: URLSearchParams): RedisPlace {
  const master = decoded(path, 'master');
  if (master === '')
    throw new InvalidRedisUrl('names no master: end it with /<master>, as the Sentinels call it');
  const sentinelPassword = parameters.get('sentinel-password');
  return { ...access, kind: 'sentinel', master, db: dbOf(parameters.get('db') ?? ''), sentinelPassword };
}

function clusterOf(access: Access, path: string): RedisPlace {
  if (path !== '') throw new InvalidRedisUrl('names a database, and a Cluster has but one');
  return { ...access, kind: 'cluster' };
}

function standaloneOf(access: Access, path: string): RedisPlace {
  if (access.hosts.length > 1) {
    throw new InvalidRedisUrl('has several hosts: begin it with redis-sentinel:// or redis-cluster://');
  }
  return { ...access, kind: 'standalone', db: dbOf(path) };
}

/** Reads a Redis URL; REDIS_URL_FORMS has the forms. Throws InvalidRedisUrl, in words that follow the setting's name. */
export function parseRedisUrl(text: string): RedisPlace {
  const match = SHAPE.exec(text);
  if (match === null) throw new InvalidRedisUrl(`is not like ${REDIS_URL_FORMS}`);
  const { scheme = '', mode, user, hosts = '', path = '', query = '' } = match.groups ?? {};
  const sentinel = mode?.toLowerCase() === 'sentinel';
  const access = accessOf(user, hosts, sentinel ? SENTINEL_PORT : PORT, scheme.toLowerCase() === 'rediss');
  const parameters = new URLSearchParams(query);
  const strange = [...parameters.keys()].find((name) => !sentinel || !SENTINEL_PARAMETERS.has(name));
  if (strange !== undefined) {
    throw new InvalidRedisUrl(
      'has a parameter behind the ? that means nothing here (in a password, write %3F for ?)',
    );
  }
  if (sentinel) return sentinelsOf(access, path, parameters);
  return mode === undefined ? standaloneOf(access, path) : clusterOf(access, path);
}
