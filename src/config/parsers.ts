import { resolve } from 'node:path';
import { LOG_LEVELS } from '../log.ts';
import type { LogLevel } from '../log.ts';
import { InvalidRedisUrl, parseRedisUrl } from './redis-url.ts';

/** How the text of a setting becomes its value. */
export interface Parser<T> {
  /** Stands for the value where a flag is shown: `--data <folder>`. */
  readonly word: string;
  /** What may be written, in words that follow "takes". */
  readonly takes: string;
  /** Gives the value, or says what is wrong with the text, in words that follow the name of the setting. */
  parse(text: string): { readonly value: T } | { readonly problem: string };
}

export const text: Parser<string | null> = {
  word: 'text',
  takes: 'any text',
  parse: (value) => ({ value }),
};

export const folder: Parser<string> = {
  word: 'folder',
  takes: 'the path of a folder',
  parse: (value) => ({ value: resolve(value) }),
};

/** Whether a URL begins with one of `protocols` as people write it: `postgres:/x` is read as a URL, and meant as none. */
function isWritten(value: string, protocols: readonly string[]): boolean {
  const { protocol } = new URL(value);
  return (
    protocols.includes(protocol) && (protocol === 'mailto:' || value.slice(protocol.length).startsWith('//'))
  );
}

/** A URL of one of `protocols`, each with its colon. */
export function url(...protocols: string[]): Parser<string | null> {
  const begins = protocols.map((name) => (name === 'mailto:' ? name : `${name}//`)).join(' or ');
  return {
    word: 'url',
    takes: `a URL that begins with ${begins}`,
    parse: (value) =>
      URL.canParse(value) && isWritten(value, protocols)
        ? { value }
        : { problem: `is not a URL that begins with ${begins}` },
  };
}

/** A URL to which others append a path of theirs: an http one without a query, a fragment or a password. */
export const callbackUrl: Parser<string | null> = {
  ...url('http:', 'https:'),
  parse: (value) => {
    const parsed = url('http:', 'https:').parse(value);
    if ('problem' in parsed) return parsed;
    const { search, hash, username } = new URL(value);
    return search + hash + username === ''
      ? parsed
      : { problem: 'is a URL with a query, a fragment or a user: nothing can be appended to its path' };
  },
};

/** An address or a name to listen on; whether it is this machine's, listening tells. */
export const host: Parser<string> = {
  word: 'host',
  takes: 'an IP address of this machine, or a name of it',
  parse: (value) =>
    /^[\w.:-]{1,253}$/.test(value) ? { value } : { problem: `is ${value}, not an address or a name` },
};

/** Kept as text: whoever connects reads it again. */
export const redisUrl: Parser<string | null> = {
  word: 'url',
  takes: 'a URL that begins with redis://, rediss://, redis-sentinel:// or redis-cluster://',
  parse: (value) => {
    try {
      parseRedisUrl(value);
      return { value };
    } catch (error) {
      if (error instanceof InvalidRedisUrl) return { problem: error.message };
      throw error;
    }
  },
};

/** A whole number from `min` to `max`; `word` says of what. */
export function integer(min: number, max: number, word = 'number'): Parser<number> {
  return {
    word,
    takes: `a whole number from ${min} to ${max}`,
    parse: (value) => {
      const number = /^\d+$/.test(value) ? Number(value) : NaN;
      return number >= min && number <= max
        ? { value: number }
        : { problem: `is ${value}, not a whole number from ${min} to ${max}` };
    },
  };
}

export const level: Parser<LogLevel> = {
  word: 'level',
  takes: LOG_LEVELS.join(', '),
  parse: (value) => {
    const known = LOG_LEVELS.find((name) => name === value);
    return known === undefined
      ? { problem: `is ${value}, not one of ${LOG_LEVELS.join(', ')}` }
      : { value: known };
  },
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

export const zone: Parser<string> = {
  word: 'zone',
  takes: 'UTC or the IANA name of a time zone',
  parse: (value) =>
    isZone(value)
      ? { value }
      : { problem: `is ${value}, not UTC or the IANA name of a time zone like Asia/Seoul` },
};
