#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { alertsCommand } from './commands/alerts.ts';
import { demoCommand } from './commands/demo.ts';
import { feedsCommand } from './commands/feeds.ts';
import { ingestCommand } from './commands/ingest.ts';
import { migrateCommand } from './commands/migrate.ts';
import { rebuildCommand } from './commands/rebuild.ts';
import { searchCommand } from './commands/search.ts';
import { tagCommand } from './commands/tag.ts';
import { timelineCommand } from './commands/timeline.ts';
import { upCommand } from './commands/up.ts';
import { whyCommand } from './commands/why.ts';
import { packageVersion } from './http.ts';
import { processOutput } from './output.ts';
import { settingsHelp } from './settings-help.ts';
import { UsageError } from './usage.ts';
import { ConfigError } from '../config.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;

const output = processOutput();
const program = new Command('shuttlewatch')
  .description('Watches the news for one dossier: the Korea–China–Japan shuttle diplomacy.')
  .version(packageVersion())
  .showHelpAfterError('(add --help for what there is)')
  .exitOverride()
  .addHelpText('after', settingsHelp());

for (const command of [
  demoCommand,
  upCommand,
  ingestCommand,
  searchCommand,
  timelineCommand,
  whyCommand,
  alertsCommand,
  feedsCommand,
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
  output.err(`shuttlewatch: ${error instanceof Error ? error.message : String(error)}\n`);
  return error instanceof UsageError || error instanceof ConfigError ? EXIT_USAGE : EXIT_FAILED;
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = report(error);
}
