import { fileName, flagOf, nearestName, PREFIX } from './names.ts';
import type { Parser } from './parsers.ts';
import { readSecretFile } from './secret-file.ts';

/** A row of the table of settings. */
export interface Option<T> {
  readonly parser: Parser<T>;
  readonly default: T;
  readonly about: string;
  /** Never printed, and may stand in a file. */
  readonly secret: boolean;
}

export type Table = Readonly<Record<string, Option<unknown>>>;

/** Variables by name, and flags by their spelling (`--zone`). */
export type Written = Readonly<Record<string, string | undefined>>;

export type Origin = 'flag' | 'environment' | 'file' | 'default';

/** One setting as it was found. */
export interface Setting {
  readonly name: string;
  /** The default where what is written cannot be used. */
  readonly value: unknown;
  readonly origin: Origin;
  /** The file that the value stands in; null for the other origins. */
  readonly file: string | null;
  /** What is wrong, naming what was written where; null when nothing is. */
  readonly problem: string | null;
}

interface Found {
  readonly text: string;
  readonly origin: Origin;
  readonly file: string | null;
  /** How a problem names the setting. */
  readonly called: string;
}

type Looked = Found | { readonly problem: string; readonly origin: Origin; readonly file: string | null };

/** One of two ways to write a setting: flags, or variables. */
interface Way {
  readonly origin: Origin;
  readonly direct: string;
  readonly viaFile: string;
  readonly written: (name: string) => string | null;
}

function lookInFile(name: string, called: string, path: string): Looked {
  const read = readSecretFile(path);
  if ('problem' in read)
    return { problem: `${called} (${path}) ${read.problem}`, origin: 'file', file: path };
  return { text: read.text, origin: 'file', file: path, called: `${name}, read from ${path},` };
}

/** What `way` says of the setting; null when it says nothing. */
function look(name: string, { secret }: Option<unknown>, way: Way): Looked | null {
  const text = way.written(way.direct);
  const path = secret ? way.written(way.viaFile) : null;
  if (text !== null && path !== null) {
    const problem = `${way.direct} and ${way.viaFile} say the same thing twice: set one of them`;
    return { problem, origin: way.origin, file: null };
  }
  if (path !== null) return lookInFile(name, way.viaFile, path);
  return text === null ? null : { text, origin: way.origin, file: null, called: way.direct };
}

function read(name: string, option: Option<unknown>, looked: Looked | null): Setting {
  if (looked === null) {
    return { name, value: option.default, origin: 'default', file: null, problem: null };
  }
  const { origin, file } = looked;
  if ('problem' in looked) return { name, value: option.default, origin, file, problem: looked.problem };
  // A flag that is given empty takes back what the environment says.
  if (looked.text === '') return { name, value: option.default, origin, file, problem: null };
  const result = option.parser.parse(looked.text);
  return 'value' in result
    ? { name, value: result.value, origin, file, problem: null }
    : { name, value: option.default, origin, file, problem: `${looked.called} ${result.problem}` };
}

/**
 * Reads every setting of `table`: a flag wins over the environment. An empty variable counts as unset; space around a
 * value is dropped. Secrets may also be in a file, named by `<NAME>_FILE` or its flag.
 */
export function readSettings(table: Table, env: Written, flags: Written): Setting[] {
  return Object.entries(table).map(([name, option]) => {
    const byFlag = look(name, option, {
      origin: 'flag',
      direct: flagOf(name),
      viaFile: flagOf(fileName(name)),
      written: (flag) => flags[flag]?.trim() ?? null,
    });
    if (byFlag !== null) return read(name, option, byFlag);
    const byVariable = look(name, option, {
      origin: 'environment',
      direct: name,
      viaFile: fileName(name),
      written: (variable) => env[variable]?.trim() || null,
    });
    return read(name, option, byVariable);
  });
}

/** Whether something was written for the setting, usable or not. */
export function isSet({ origin, value, problem }: Setting): boolean {
  return problem !== null || (origin !== 'default' && value !== null);
}

/** A remark on every variable with our prefix that sets nothing: most are slips of the pen. */
export function unknownVariables(table: Table, env: Written): string[] {
  const known = Object.entries(table).flatMap(([name, { secret }]) =>
    secret ? [name, fileName(name)] : [name],
  );
  return Object.keys(env)
    .filter((name) => name.startsWith(PREFIX) && !known.includes(name))
    .sort()
    .map((name) => {
      const plain = Object.keys(table).find((setting) => fileName(setting) === name);
      if (plain !== undefined)
        return `${name} sets nothing: only secrets are read from files, ${plain} is none`;
      const meant = nearestName(name, known);
      return `${name} is no setting of shuttlewatch${meant === null ? '' : ` (${meant}?)`}`;
    });
}
