import type { Command } from 'commander';
import { PROJECTIONS } from '../../projections/all.ts';
import { catchUp } from '../../projections/catch-up.ts';
import { importLog } from '../../store/import.ts';
import { giveUpImport } from '../../store/importing.ts';
import { readLogFile } from '../../store/log-file.ts';
import { InvalidLogFile } from '../../store/read-line.ts';
import { readLog } from '../../store/read-log.ts';
import { settleImport } from '../../workers/import-log.ts';
import { ensureReadable } from '../files.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { Progress } from '../progress.ts';
import { withSession } from '../session.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage.ts';
import { counted } from '../words.ts';

interface Flags {
  readonly giveUp?: true;
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
  for await (const batch of importLog(store.db, readLog(bytesOf(file)), settleImport(now), now)) {
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
  return `${counted(added, 'event')} imported${known}; ${log} now goes up to position ${position}\n`;
}

async function giveUp(flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const left = await giveUpImport(store.db);
    if (flags.json) output.out(json(left));
    else if (left === null) output.out('no import was left unfinished\n');
    else output.out(`given up ${left.source} at position ${left.at} of ${left.endsAt}\n`);
  });
}

/** `import`: an exported log into an empty one. */
export function importCommand(program: Command, output: Output): void {
  program
    .command('import')
    .description('read an exported log into an empty one; nothing is ever sent by it (for news, see ingest)')
    .argument('[file]', 'what "export" wrote, compressed or not; - for stdin')
    .option('--give-up', 'go on without the rest of an import that was cut off')
    .option('--json', 'print a JSON summary')
    .addHelpText(
      'after',
      '\nA file is read once before anything is written. Positions, ids, versions, times and seals are those of the' +
        '\noriginal. An import that was cut off goes on when the same file is imported again. Until then' +
        '\nnothing else is appended to the log; --give-up takes it as it is, and makes it a log of its own.',
    )
    .action(async (file: string | undefined, flags: Flags) => {
      if (flags.giveUp) {
        if (file !== undefined) throw new UsageError('--give-up takes no file');
        await giveUp(flags, output);
        return;
      }
      if (file === undefined) throw new UsageError('name the file to import; - for stdin');
      if (file !== STDIN) await ensureReadable(file);
      await withSession(async (session) => {
        const summary = await importFile(session, file, output);
        output.out(flags.json ? json(summary) : summaryText(summary));
      });
    });
}
