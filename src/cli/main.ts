#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { isEnding } from './leaving.ts';
import { messageOf, processOutput } from './output.ts';
import type { Output } from './output.ts';
import { settingsHelp } from './settings-help.ts';
import { commandWord, takeSettingFlags } from './settings.ts';
import { handleSignals } from './signals.ts';
import { UsageError } from './usage.ts';
import { packageVersion } from './version.ts';
import { InvalidWebhookSecret } from '../alerts/webhook-channel.ts';
import { ConfigError } from '../config.ts';
import { InvalidMoment } from '../query/invalid-moment.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const USAGE_ERRORS = [UsageError, ConfigError, InvalidMoment, InvalidWebhookSecret];

const EXAMPLES = `
Start with:
  $ shuttlewatch demo      invented news through the real thing, in a minute
  $ shuttlewatch up        watch; alerts are printed as they come
  $ shuttlewatch search 'entity:taiwan lang:ja published:>=2026-01-04'
  $ shuttlewatch help search`;
const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 the command line or a setting makes no sense.
Data go to stdout (JSON with --json), everything else to stderr.`;

const output = processOutput();
const program = new Command('shuttlewatch')
  .description('Watches the news for one dossier, and can show afterwards why it spoke or kept quiet.')
  .version(packageVersion())
  // So that what follows a command is that command's alone: a query may begin with -Vietnam.
  .enablePositionalOptions()
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride()
  .addHelpText('after', `${EXAMPLES}\n${settingsHelp()}\n${EXIT_CODES}`);

/**
 * The commands in the order of the help. Each is loaded when it is needed: the queues, the tagger and the rest cost
 * more time than a search takes.
 */
const COMMANDS: Readonly<Record<string, () => Promise<(program: Command, output: Output) => void>>> = {
  demo: async () => (await import('./commands/demo.ts')).demoCommand,
  up: async () => (await import('./commands/up.ts')).upCommand,
  work: async () => (await import('./commands/work.ts')).workCommand,
  ingest: async () => (await import('./commands/ingest.ts')).ingestCommand,
  search: async () => (await import('./commands/search.ts')).searchCommand,
  timeline: async () => (await import('./commands/timeline.ts')).timelineCommand,
  why: async () => (await import('./commands/why.ts')).whyCommand,
  revisions: async () => (await import('./commands/revisions.ts')).revisionsCommand,
  alerts: async () => (await import('./commands/alerts.ts')).alertsCommand,
  feeds: async () => (await import('./commands/feeds.ts')).feedsCommand,
  rules: async () => (await import('./commands/rules.ts')).rulesCommand,
  subjects: async () => (await import('./commands/subjects.ts')).subjectsCommand,
  dossier: async () => (await import('./commands/dossier.ts')).dossierCommand,
  tag: async () => (await import('./commands/tag.ts')).tagCommand,
  status: async () => (await import('./commands/status.ts')).statusCommand,
  queues: async () => (await import('./commands/queues.ts')).queuesCommand,
  consumers: async () => (await import('./commands/consumers.ts')).consumersCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
  health: async () => (await import('./commands/health.ts')).healthCommand,
  export: async () => (await import('./commands/export.ts')).exportCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  archive: async () => (await import('./commands/archive.ts')).archiveCommand,
  rebuild: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  retag: async () => (await import('./commands/retag.ts')).retagCommand,
  takedown: async () => (await import('./commands/takedown.ts')).takedownCommand,
  verify: async () => (await import('./commands/verify.ts')).verifyCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  config: async () => (await import('./commands/config.ts')).configCommand,
  completion: async () => (await import('./commands/completion.ts')).completionCommand,
};

/** Whose words are those of every command. */
const NEEDS_ALL = 'completion';

/** Adds the command that `word` names, or all of them where it names none: for help, and for what is like it. */
async function addCommands(word: string): Promise<void> {
  const asked =
    Object.hasOwn(COMMANDS, word) && word !== NEEDS_ALL ? [COMMANDS[word]] : Object.values(COMMANDS);
  for (const load of asked) (await load?.())?.(program, output);
  takeSettingFlags(program, output);
}

/** Says what went wrong and gives the exit code: 1 failed, 2 the command line or a setting makes no sense. */
function report(error: unknown): number {
  // Commander has spoken already; help and version that were asked for are no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  output.err(`shuttlewatch: ${messageOf(error)}\n`);
  return USAGE_ERRORS.some((kind) => error instanceof kind) ? EXIT_USAGE : EXIT_FAILED;
}

/** No command has a say in it, so none is loaded for it. */
function asksForVersion(argv: readonly string[]): boolean {
  return argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V');
}

handleSignals();
try {
  const argv = process.argv.slice(2);
  if (!asksForVersion(argv)) await addCommands(commandWord(argv));
  await program.parseAsync();
} catch (error) {
  // A reader that has seen enough ends the process, and the database goes from under the query.
  if (!isEnding()) process.exitCode = report(error);
}
