import { fileURLToPath } from 'node:url';
import { resolve } from 'node:path';
import { callbackUrl, folder, host, integer, level, redisUrl, text, url, zone } from './config/parsers.ts';
import type { Parser } from './config/parsers.ts';
import { isSet, readSettings, unknownVariables } from './config/read.ts';
import type { Option, Setting, Written } from './config/read.ts';
import { LOG_LEVELS } from './log.ts';

/** The root of the installed package: where migrations, dossiers and fixtures lie. */
export const PACKAGE_ROOT = fileURLToPath(new URL('..', import.meta.url));

function option<T>(parser: Parser<T>, fallback: T, about: string, secret = false): Option<T> {
  return { parser, default: fallback, about, secret };
}

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
  SHUTTLEWATCH_DATA: option(folder, resolve('.shuttlewatch'), 'Folder of the embedded PostgreSQL'),
  SHUTTLEWATCH_POSTGRES_PORT: option<number | null>(
    integer(1_024, 65_535, 'port'),
    null,
    'Port of the embedded PostgreSQL on 127.0.0.1, for psql and other tools to find it; unset: one that is free',
  ),
  SHUTTLEWATCH_DOSSIER: option(
    folder,
    resolve(PACKAGE_ROOT, 'dossiers/shuttle-diplomacy'),
    'Folder of the dossier that is watched; by default the one that comes with shuttlewatch',
  ),
  SHUTTLEWATCH_CONTACT: option(
    url('http:', 'https:', 'mailto:'),
    null,
    'Where publishers can reach you, an http, https or mailto URL; goes into the user agent of every request',
  ),
  SHUTTLEWATCH_POLL_MINUTES: option(
    integer(1, 1_440, 'minutes'),
    15,
    'Minutes between two polls of a feed whose own rhythm is not known yet, and before a feed in trouble is tried again',
  ),
  SHUTTLEWATCH_POLL_MINUTES_MIN: option(
    integer(1, 1_440, 'minutes'),
    5,
    'Fewest minutes between two polls of a feed, however much it brings; SHUTTLEWATCH_POLL_MINUTES counts where it is less',
  ),
  SHUTTLEWATCH_POLL_MINUTES_MAX: option(
    integer(1, 10_080, 'minutes'),
    60,
    'Most minutes between two polls of a feed that answers, however little it brings; four times as many while a hub pushes it; SHUTTLEWATCH_POLL_MINUTES counts where it is more',
  ),
  SHUTTLEWATCH_HOST_GAP_SECONDS: option(
    integer(0, 3_600, 'seconds'),
    5,
    'Seconds between two requests to the same host, which is asked for one thing at a time',
  ),
  SHUTTLEWATCH_WEBSUB_URL: option(
    callbackUrl,
    null,
    'Where WebSub hubs reach this installation from outside, which forwards to SHUTTLEWATCH_WEBSUB_PORT: feeds that offer a hub are then pushed, not just polled; unset: no WebSub',
  ),
  SHUTTLEWATCH_WEBSUB_HOST: option(
    host,
    '127.0.0.1',
    'Address to listen on for hubs, when SHUTTLEWATCH_WEBSUB_URL is set; 0.0.0.0 in a container',
  ),
  SHUTTLEWATCH_WEBSUB_PORT: option(integer(1, 65_535, 'port'), 8_790, 'Port to listen on for hubs'),
  SHUTTLEWATCH_ZONE: option(
    zone,
    'UTC',
    'Time zone that queries are read in and times printed in, an IANA name like Asia/Seoul',
  ),
  SHUTTLEWATCH_LOG: option(level, 'warn', `Lines on stderr: ${LOG_LEVELS.join(', ')}`),
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

/** What is wrong with settings taken together. */
function crossChecks(settings: readonly Setting[]): string[] {
  const given = (name: keyof Options): boolean =>
    settings.some((setting) => setting.name === name && isSet(setting));
  if (given('SHUTTLEWATCH_WEBHOOK_URL') === given('SHUTTLEWATCH_WEBHOOK_SECRET')) return [];
  return ['SHUTTLEWATCH_WEBHOOK_URL and SHUTTLEWATCH_WEBHOOK_SECRET go together: set both or neither'];
}

/** All settings as they were found, with whatever is wrong with them. */
export interface Inspected {
  readonly settings: readonly Setting[];
  /** What makes them unusable. */
  readonly problems: readonly string[];
  /** Variables that look like settings and are none. */
  readonly remarks: readonly string[];
}

/** Reads the settings without judging: for whoever wants to show them. */
export function inspectConfig(env: Written, flags: Written = {}): Inspected {
  const settings = readSettings(OPTIONS, env, flags);
  const problems = settings.flatMap(({ problem }) => problem ?? []);
  return {
    settings,
    problems: [...problems, ...crossChecks(settings)],
    remarks: unknownVariables(OPTIONS, env),
  };
}

/** The settings to work with. Throws ConfigError naming every problem. */
export function configOf({ settings, problems }: Inspected): Config {
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.fromEntries(settings.map(({ name, value }) => [name, value])) as Config;
}

/**
 * Reads the settings from an environment and from flags, which win (see readSettings). Throws ConfigError naming every
 * problem.
 */
export function loadConfig(env: Written, flags: Written = {}): Config {
  return configOf(inspectConfig(env, flags));
}
