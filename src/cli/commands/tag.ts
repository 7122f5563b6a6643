import type { Command } from 'commander';
import { z } from 'zod';
import { stakesOf } from '../../classify/relevance.ts';
import type { Stake } from '../../classify/relevance.ts';
import { createTagger } from '../../classify/tagger.ts';
import type { Tagger } from '../../classify/tagger.ts';
import { loadDossier } from '../../dossier/load.ts';
import type { SubjectId } from '../../events/ids.ts';
import { LINE_BYTES_MAX, linesOf } from '../../ingest/lines.ts';
import { fit, json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';
import { settings } from '../settings.ts';
import { taggingLines } from '../tagging-text.ts';
import { UsageError } from '../usage.ts';
import { counted } from '../words.ts';

const input = z.looseObject({
  title: z.string().default(''),
  text: z.string().optional(),
  summary: z.string().optional(),
  lang: z.string().nullish(),
  date: z.string().nullish(),
});

function problemOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return messageOf(error);
}

/** How items are tagged and put into words. */
interface Tagging {
  readonly tagger: Tagger;
  readonly stakes: ReadonlyMap<SubjectId, Stake>;
  readonly explain: boolean;
}

/** The item with its tags, as JSON or in words. */
function tagged(item: z.output<typeof input>, { tagger, stakes, explain }: Tagging, columns: number): string {
  const { title, lang = null } = item;
  const text = item.text ?? item.summary ?? '';
  const tagging = tagger.tag({ title, text, ...(lang && { lang }), ...(item.date && { date: item.date }) });
  if (!explain) return json({ ...item, ...tagging }, 0);
  const words = { title, text };
  const lines = taggingLines({ tagging, words, said: lang, source: 'the input', stakes }, columns);
  return [fit(title === '' ? text : title, columns), ...lines, ''].map((line) => `${line}\n`).join('');
}

function itemOn(line: string | null): z.output<typeof input> {
  if (line === null) throw new Error(`longer than ${LINE_BYTES_MAX} bytes`);
  return input.parse(JSON.parse(line));
}

/** Tags each line of `bytes`; gives how many could not be read. */
async function tagLines(bytes: AsyncIterable<Buffer>, how: Tagging, output: Output): Promise<number> {
  let bad = 0;
  for await (const { number, text } of linesOf(bytes)) {
    if (text?.trim() === '') continue;
    try {
      output.out(tagged(itemOn(text), how, output.columns));
    } catch (error) {
      bad += 1;
      output.err(`line ${number}: ${problemOf(error)}\n`);
    }
    await output.drained();
  }
  return bad;
}

interface Flags {
  readonly explain?: true;
  readonly text?: string;
  readonly lang?: string;
  readonly date?: string;
}

async function tag(flags: Flags, output: Output): Promise<void> {
  const { text, lang, date, explain = false } = flags;
  if (text === undefined && (lang !== undefined || date !== undefined)) {
    throw new UsageError('--lang and --date go with --text: a line of stdin says its own');
  }
  const dossier = await loadDossier(settings().SHUTTLEWATCH_DOSSIER);
  const how = { tagger: createTagger(dossier), stakes: stakesOf(dossier.subjects), explain };
  if (text !== undefined) {
    output.out(tagged({ title: text, lang, date }, how, output.columns));
    return;
  }
  const bad = await tagLines(process.stdin, how, output);
  if (bad > 0) throw new Error(`${counted(bad, 'line')} could not be tagged`);
}

/** `tag`: the tagger alone, JSONL in and out, or in words. */
export function tagCommand(program: Command, output: Output): void {
  program
    .command('tag')
    .description(
      'tag JSONL on stdin, {title, text, lang, date} a line, to JSONL on stdout; needs no database',
    )
    .option('--explain', 'say in words what each tag rests on, and what was considered and not taken')
    .option('--text <headline>', 'tag this in place of stdin')
    .option('--lang <tag>', 'with --text: its language as a feed would say it (BCP 47)')
    .option('--date <day>', 'with --text: when it was published; offices mean their holder on that day')
    .addHelpText(
      'after',
      '\nExamples:\n  $ echo \'{"title":"高市首相が奈良で会談"}\' | shuttlewatch tag\n  $ shuttlewatch tag --explain --text "高市首相が奈良で会談" --date 2026-01-13',
    )
    .action((flags: Flags) => tag(flags, output));
}
