#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { alertsCommand } from './commands/alerts.ts';
import { demoCommand } from './commands/demo.ts';
import { feedsCommand } from './commands/feeds.ts';
import { ingestCommand } from './commands/ingest.ts';
import { migrateCommand } from './commands/migrate.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { searchCommand } from './commands/search.ts';
import { subjectsCommand } from './commands/subjects.ts';
import { tagCommand } from './commands/tag.ts';
import { timelineCommand } from './commands/timeline.ts';
import { upCommand } from './commands/up.ts';
import { whyCommand } from './commands/why.ts';
import { packageVersion } from './http.ts';
import { messageOf, processOutput } from './output.ts';
import { settingsHelp } from './settings-help.ts';
import { handleSignals } from './signals.ts';
import { UsageError } from './usage.ts';
import { InvalidWebhookSecret } from '../alerts/webhook-channel.ts';
import { ConfigError } from '../config.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const USAGE_ERRORS = [UsageError, ConfigError, InvalidWebhookSecret];

const EXAMPLES = `
Start with:
  $ shuttlewatch demo      invented news through the real thing, in a minute
  $ shuttlewatch up        watch; alerts are printed as they come
  $ shuttlewatch search --entity taiwan --lang ja --since 2026-01-04
  $ shuttlewatch help search`;
const EXIT_CODES = `
Exit codes: 0 done, 1 failed, 2 the command line or a setting makes no sense.
Data go to stdout (JSON with --json), everything else to stderr.`;

const output = processOutput();
const program = new Command('shuttlewatch')
  .description('Watches the news for one dossier: the Korea–China–Japan shuttle diplomacy.')
  .version(packageVersion())
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride()
  .addHelpText('after', `${EXAMPLES}\n${settingsHelp()}\n${EXIT_CODES}`);

for (const command of [
  demoCommand,
  upCommand,
  ingestCommand,
  searchCommand,
  timelineCommand,
  whyCommand,
  alertsCommand,
  feedsCommand,
  subjectsCommand,
  tagCommand,
  rebuildCommand,
  migrateCommand,
]) {
  command(program, output);
}

/** Says what went wrong and gives the exit code: 1 failed, 2 the command line or a setting makes no sense. */
function report(error: unknown): number {
  // Commander has spoken already; help and version that were asked for are no failure.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  output.err(`shuttlewatch: ${messageOf(error)}\n`);
  return USAGE_ERRORS.some((kind) => error instanceof kind) ? EXIT_USAGE : EXIT_FAILED;
}

handleSignals();
try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
