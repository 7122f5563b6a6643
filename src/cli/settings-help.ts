import { OPTIONS } from '../config.ts';

/** The settings as a section of `--help`. */
export function settingsHelp(): string {
  const names = Object.keys(OPTIONS);
  const width = Math.max(...names.map((name) => name.length));
  const lines = Object.entries(OPTIONS).map(([name, { about }]) => `  ${name.padEnd(width)}  ${about}`);
  return `\nSettings (environment variables):\n${lines.join('\n')}`;
}
