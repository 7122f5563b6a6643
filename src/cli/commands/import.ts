import { access, constants } from 'node:fs/promises';
import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { catchUp } from '../../projections/catch-up.ts';
import { importLog } from '../../store/import.ts';
import { readLogFile } from '../../store/log-file.ts';
import { InvalidLogFile } from '../../store/read-line.ts';
import { readLog } from '../../store/read-log.ts';
import { settleImport } from '../../workers/import-log.ts';
import { json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage.ts';

interface Flags {
  readonly json?: true;
}

interface Summary {
  /** Which log it is, as a URI. */
  readonly log: string;
  /** Events in the file, and those of them that the log did not hold yet. */
  readonly events: number;
  readonly added: number;
  /** Where the file ends. */
  readonly position: number;
}

const STDIN = '-';

function bytesOf(file: string): AsyncIterable<Buffer> {
  return file === STDIN ? (process.stdin as AsyncIterable<Buffer>) : readLogFile(file);
}

/** Reads the whole file once before anything is written: what is cut off or altered shall leave no trace. */
async function check(file: string, output: Output): Promise<void> {
  const progress = new Progress(output, 'checked, events');
  let done = 0;
  for await (const { events, from, to } of readLog(bytesOf(file))) {
    done += events.length;
    progress.update(done, to - from + 1);
  }
  progress.finish(done);
}

async function take({ store, now }: Session, file: string, output: Output): Promise<Summary> {
  const progress = new Progress(output, 'imported, events');
  let summary = { log: '', events: 0, added: 0, position: 0 };
  for await (const batch of importLog(store.db, readLog(bytesOf(file)), settleImport(now))) {
    const { source: log, from, to, imported } = batch;
    const events = summary.events + batch.events.length;
    const added = summary.added + (imported === null ? 0 : imported.to - imported.from + 1);
    summary = { log, events, added, position: to };
    progress.update(events, to - from + 1);
  }
  progress.finish(summary.events);
  if (summary.added > 0) store.wakeup.appended();
  return summary;
}

/** Fills the read tables, so that the copy answers at once. */
async function fill({ store, now }: Session, output: Output): Promise<void> {
  for (const projection of PROJECTIONS) {
    const progress = new Progress(output, `${projection.name}, events`);
    const done = await catchUp(store.db, projection, now, (at, total) => {
      progress.update(at, total);
    });
    progress.finish(done);
  }
}

async function importFile(session: Session, file: string, output: Output): Promise<Summary> {
  try {
    if (file !== STDIN) await check(file, output);
    const summary = await take(session, file, output);
    await fill(session, output);
    return summary;
  } catch (error) {
    if (error instanceof InvalidLogFile)
      throw new Error(`${file === STDIN ? 'stdin' : file}: ${error.message}`, { cause: error });
    throw error;
  }
}

function summaryText({ log, events, added, position }: Summary): string {
  const known = events === added ? '' : `, ${events - added} were there already`;
  return `${added} events imported${known}; ${log} now goes up to position ${position}\n`;
}

/** `import`: an exported log into an empty one. */
export function importCommand(program: Command, output: Output): void {
  program
    .command('import')
    .description('read an exported log into an empty one; nothing is ever sent by it (for news, see ingest)')
    .argument('<file>', 'what "export" wrote, compressed or not; - for stdin')
    .option('--json', 'print a JSON summary')
    .addHelpText(
      'after',
      '\nA file is read once before anything is written. Positions, ids, versions, times and seals are those of the' +
        '\noriginal. An import that was cut off goes on when the same file is imported again.',
    )
    .action(async (file: string, flags: Flags) => {
      if (file !== STDIN) {
        await access(file, constants.R_OK).catch((error: unknown) => {
          throw new UsageError(`${file}: ${messageOf(error)}`);
        });
      }
      await withSession(async (session) => {
        const summary = await importFile(session, file, output);
        output.out(flags.json ? json(summary) : summaryText(summary));
      });
    });
}
