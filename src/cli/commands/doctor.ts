import type { Command } from 'commander';
import { examine } from '../doctor/examine.ts';
import { report, worst } from '../doctor/report.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { foundSettings } from '../settings.ts';
import { packageVersion } from '../version.ts';

const EXIT_FAILED = 1;

async function doctor(flags: { readonly json?: true }, output: Output): Promise<void> {
  const findings = await examine({
    settings: foundSettings(),
    node: process.version,
    version: packageVersion(),
    now: () => new Date(),
  });
  const verdict = worst(findings);
  output.out(flags.json ? json({ verdict, checks: findings }) : report(findings, output));
  if (verdict === 'fail') process.exitCode = EXIT_FAILED;
}

/** `doctor`: what is wrong, and what to do. */
export function doctorCommand(program: Command, output: Output): void {
  program
    .command('doctor')
    .description('look at everything that shuttlewatch rests on; says what is wrong, and what to do')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
Looks at versions, settings, dossier, database, schema, disk, clocks, Redis,
processes, queues, consumers, feeds and deliveries. Changes nothing, and stops
what it had to start. Exits with 1 when something must be mended.`,
    )
    .action((flags: { readonly json?: true }) => doctor(flags, output));
}
