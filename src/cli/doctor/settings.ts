import { ConfigError, loadConfig, OPTIONS } from '../../config.ts';
import type { Config } from '../../config.ts';
import { counted, fail, ok } from './finding.ts';
import type { Finding } from './finding.ts';

type Name = keyof Config;
type Environment = Readonly<Record<string, string | undefined>>;

export interface SettingsRead {
  readonly findings: readonly Finding[];
  /** The settings, those that cannot be used left at their defaults. */
  readonly config: Config;
  /** Those that cannot be used: what rests on them cannot be looked at. */
  readonly bad: ReadonlySet<string>;
}

function namesIn(problems: string): Name[] {
  return (Object.keys(OPTIONS) as Name[]).filter((name) => new RegExp(`\\b${name}\\b`).test(problems));
}

/** Reads the settings as every command does, all problems at once, and goes on with those that are right. */
export function readSettings(env: Environment): SettingsRead {
  try {
    const config = loadConfig(env);
    const set = Object.keys(OPTIONS).filter((name) => (env[name]?.trim() ?? '') !== '');
    const seen = set.length === 0 ? 'all at their defaults' : `${set.join(', ')} set, the rest at defaults`;
    return { findings: [ok('settings', seen)], config, bad: new Set() };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const bad = new Set<string>(namesIn(error.message));
    const right = Object.fromEntries(Object.entries(env).filter(([name]) => !bad.has(name)));
    const problems = error.message.split('\n');
    const todo = `Mend ${counted(problems.length, 'setting')}; "shuttlewatch --help" says what each may be.`;
    return { findings: [fail('settings', error.message, todo)], config: loadConfig(right), bad };
  }
}
