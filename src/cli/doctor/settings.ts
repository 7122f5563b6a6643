import type { Config, Inspected } from '../../config.ts';
import { counted } from '../words.ts';
import { fail, ok, warn } from './finding.ts';
import type { Finding } from './finding.ts';

export interface SettingsRead {
  readonly findings: readonly Finding[];
  /** The settings, those that cannot be used left at their defaults. */
  readonly config: Config;
  /** Those that cannot be used: what rests on them cannot be looked at. */
  readonly bad: ReadonlySet<string>;
}

/** The settings as every command reads them, all problems at once; goes on with those that are right. */
export function readSettings({ settings, problems, remarks }: Inspected): SettingsRead {
  const bad = new Set(
    settings
      .filter(({ name, problem }) => problem !== null || problems.some((text) => text.includes(name)))
      .map(({ name }) => name),
  );
  const config = Object.fromEntries(settings.map(({ name, value }) => [name, value])) as Config;
  const findings: Finding[] = remarks.map((remark) =>
    warn('settings', remark, 'Mend the name, or unset it.'),
  );
  if (problems.length > 0) {
    const todo = `Mend ${counted(problems.length, 'setting')}; "shuttlewatch config" shows where each comes from.`;
    return { findings: [...findings, fail('settings', problems.join('\n'), todo)], config, bad };
  }
  const set = settings.filter(({ origin }) => origin !== 'default').map(({ name }) => name);
  const seen = set.length === 0 ? 'all at their defaults' : `${set.join(', ')} set, the rest at defaults`;
  return { findings: [...findings, ok('settings', seen)], config, bad };
}
