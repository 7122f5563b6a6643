import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { InvalidRedisUrl, parseRedisUrl } from './config/redis-url.ts';
import { LOG_LEVELS } from './log.ts';
import type { LogLevel } from './log.ts';

/** The root of the installed package: where migrations, dossiers and fixtures lie. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Reads one setting, or says what is wrong with it (in words that follow its name). */
type Parse<T> = (text: string) => { readonly value: T } | { readonly problem: string };

interface Option<T> {
  readonly parse: Parse<T>;
  readonly default: T;
  readonly about: string;
  /** Never printed. */
  readonly secret: boolean;
}

function option<T>(parse: Parse<T>, fallback: T, about: string, secret = false): Option<T> {
  return { parse, default: fallback, about, secret };
}

const text: Parse<string | null> = (value) => ({ value });
const folder: Parse<string> = (value) => ({ value: resolve(value) });

function url(...protocols: string[]): Parse<string | null> {
  return (value) =>
    URL.canParse(value) && protocols.includes(new URL(value).protocol)
      ? { value }
      : {
          problem: `is not a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
        };
}

/** Kept as text: whoever connects reads it again. */
const redisUrl: Parse<string | null> = (value) => {
  try {
    parseRedisUrl(value);
    return { value };
  } catch (error) {
    if (error instanceof InvalidRedisUrl) return { problem: error.message };
    throw error;
  }
};

function integer(min: number, max: number): Parse<number> {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    return number >= min && number <= max
      ? { value: number }
      : { problem: `is ${value}, not a whole number from ${min} to ${max}` };
  };
}

const level: Parse<LogLevel> = (value) => {
  const known = LOG_LEVELS.find((name) => name === value);
  return known === undefined
    ? { problem: `is ${value}, not one of ${LOG_LEVELS.join(', ')}` }
    : { value: known };
};

/** A place of the tz database, or UTC: EET and the like mean another thing to PostgreSQL than they do here. */
const ZONE_NAME = /^(?:UTC|[A-Za-z_]+(?:\/[A-Za-z0-9_+-]+)+)$/;

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return ZONE_NAME.test(name);
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

const zone: Parse<string> = (value) =>
  isZone(value)
    ? { value }
    : { problem: `is ${value}, not UTC or the IANA name of a time zone like Asia/Seoul` };

/** Every setting, by the environment variable that sets it. */
export const OPTIONS = {
  DATABASE_URL: option(
    url('postgres:', 'postgresql:'),
    null,
    'PostgreSQL 15 or newer to keep the log in; unset: an embedded one in SHUTTLEWATCH_DATA (postgres://user:password@host:port/database)',
    true,
  ),
  REDIS_URL: option(
    redisUrl,
    null,
    'Redis 6.2 or newer, or Valkey, to keep the queues in; unset: in the PostgreSQL (redis://user:password@host:port/db, rediss:// for TLS, redis-sentinel://host,host/master, redis-cluster://host,host)',
    true,
  ),
  SHUTTLEWATCH_DATA: option(
    folder,
    resolve('.shuttlewatch'),
    'Folder of the embedded PostgreSQL (default: .shuttlewatch)',
  ),
  SHUTTLEWATCH_DOSSIER: option(
    folder,
    resolve(PACKAGE_ROOT, 'dossiers/shuttle-diplomacy'),
    'Folder of the dossier that is watched (default: the one that comes with shuttlewatch)',
  ),
  SHUTTLEWATCH_CONTACT: option(
    url('http:', 'https:', 'mailto:'),
    null,
    'Where publishers can reach you, an http, https or mailto URL; goes into the user agent of every request',
  ),
  SHUTTLEWATCH_POLL_MINUTES: option(integer(1, 1_440), 15, 'Minutes between two polls of a feed'),
  SHUTTLEWATCH_ZONE: option(
    zone,
    'UTC',
    'Time zone that queries are read in and times printed in, an IANA name like Asia/Seoul (default: UTC)',
  ),
  SHUTTLEWATCH_LOG: option(level, 'warn', `Lines on stderr: ${LOG_LEVELS.join(', ')} (default: warn)`),
  SHUTTLEWATCH_WEBHOOK_URL: option(
    url('http:', 'https:'),
    null,
    'Where the webhook channel posts alerts; unset: no webhook channel',
    true,
  ),
  SHUTTLEWATCH_WEBHOOK_SECRET: option(
    text,
    null,
    'Signs webhook posts (Standard Webhooks): whsec_ and base64 of 24 to 64 random bytes',
    true,
  ),
} as const;

type Options = typeof OPTIONS;
export type Config = { readonly [Name in keyof Options]: Options[Name] extends Option<infer T> ? T : never };

/** Settings that cannot be used, all of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
  }
}

/** What is wrong with settings taken together; `isSet` tells which have a value, usable or not. */
function crossChecks(isSet: (name: keyof Options) => boolean): string[] {
  if (isSet('SHUTTLEWATCH_WEBHOOK_URL') === isSet('SHUTTLEWATCH_WEBHOOK_SECRET')) return [];
  return ['SHUTTLEWATCH_WEBHOOK_URL and SHUTTLEWATCH_WEBHOOK_SECRET go together: set both or neither'];
}

/** Reads the settings from an environment; an empty variable counts as unset. Throws ConfigError naming every problem. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const written = (name: string): string => env[name]?.trim() ?? '';
  const problems: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { parse, default: fallback }] of Object.entries(OPTIONS)) {
    const raw = written(name);
    if (raw === '') {
      values[name] = fallback;
      continue;
    }
    const result = parse(raw);
    if ('value' in result) values[name] = result.value;
    else problems.push(`${name} ${result.problem}`);
  }
  problems.push(...crossChecks((name) => written(name) !== ''));
  if (problems.length > 0) throw new ConfigError(problems);
  return values as Config;
}
