import type { Command } from 'commander';
import { position } from '../../events/ids.ts';
import type { Position } from '../../events/ids.ts';
import type { Db } from '../../store/database.ts';
import { exportRange, wholeLog } from '../../store/export.ts';
import type { ExportRange } from '../../store/export.ts';
import { writeLogFile } from '../../store/log-file.ts';
import { sealAll } from '../../store/seal-log.ts';
import { ensureNoFolder, systemTrouble } from '../files.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import { count, UsageError } from '../usage.ts';

interface Flags {
  readonly from?: number;
  readonly to?: number;
}

/**
 * What the flags ask for, of what is under seals up to `sealed`. What came since waits for the next export: seals that are
 * still to be made over it would be missing from this file, and from one that goes on behind it too.
 */
async function rangeOf(db: Db, sealed: Position, flags: Flags): Promise<ExportRange> {
  const whole = { ...(await wholeLog(db)), to: sealed };
  const from = position(flags.from ?? whole.from);
  const to = position(flags.to ?? whole.to);
  if (flags.from !== undefined && flags.to !== undefined && from > to)
    throw new UsageError(`--from ${from} is behind --to ${to}`);
  if (flags.to !== undefined && to > whole.to)
    throw new UsageError(`--to ${to}: the log ends at position ${whole.to}`);
  if (flags.from !== undefined && from > whole.to)
    throw new UsageError(`--from ${from}: the log ends at position ${whole.to}`);
  if (from < whole.from)
    throw new UsageError(
      `--from ${from}: the log begins at position ${whole.from}, what was before was archived and is no longer in the database`,
    );
  return { from, to };
}

async function* told(db: Db, range: ExportRange, output: Output): AsyncGenerator<string> {
  const progress = new Progress(output, 'exported, events');
  const done = (until: Position): number => until - range.from + 1;
  for await (const { text, until } of exportRange(db, range)) {
    yield text;
    progress.update(done(until), done(range.to));
  }
  progress.finish(done(range.to));
}

async function write(file: string, texts: AsyncIterable<string>): Promise<void> {
  try {
    await writeLogFile(file, texts);
  } catch (error) {
    const trouble = systemTrouble(error);
    throw trouble === null ? error : new Error(`${file}: ${trouble}`, { cause: error });
  }
}

async function exportLog(file: string, flags: Flags, output: Output): Promise<void> {
  if (file !== '-') await ensureNoFolder(file);
  await withSession(async ({ store, now }) => {
    const sealed = await sealAll(store.db, now);
    const texts = told(store.db, await rangeOf(store.db, sealed, flags), output);
    if (file !== '-') {
      await write(file, texts);
      return;
    }
    for await (const text of texts) {
      output.out(text);
      await output.drained();
    }
  });
}

/** `export`: the log as CloudEvents. */
export function exportCommand(program: Command, output: Output): void {
  const at = count(1, Number.MAX_SAFE_INTEGER);
  program
    .command('export')
    .description('write the log, with words and seals, as CloudEvents 1.0, one a line')
    .argument('<file>', 'where to; compressed when its name ends in .gz, - for stdout')
    .option('--from <position>', 'the first position, where it is not that of the log', at)
    .option('--to <position>', 'the last position, where it is not that of the log', at)
    .addHelpText(
      'after',
      '\nExamples:\n  $ shuttlewatch export log.jsonl.gz\n  $ shuttlewatch export - | jq .type' +
        '\n\n"import" reads the file into an empty log; docs/log-format.md says what stands in it.',
    )
    .action((file: string, flags: Flags) => exportLog(file, flags, output));
}
