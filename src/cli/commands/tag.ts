import type { Command } from 'commander';
import { printable } from '../../alerts/console-channel.ts';
import { stakesOf } from '../../classify/relevance.ts';
import type { Stake } from '../../classify/relevance.ts';
import { createTagger } from '../../classify/tagger.ts';
import type { Tagger } from '../../classify/tagger.ts';
import { loadDossier } from '../../dossier/load.ts';
import type { SubjectId } from '../../events/ids.ts';
import { linesOf } from '../../ingest/lines.ts';
import { fit, json } from '../output.ts';
import type { Output } from '../output.ts';
import { settings } from '../settings.ts';
import { dateProblem, langProblem, tagInputOn, tagInputProblem } from '../tag-input.ts';
import type { TagInput } from '../tag-input.ts';
import { taggingLines } from '../tagging-text.ts';
import { UsageError } from '../usage.ts';
import { counted } from '../words.ts';

/** Terminal columns of the headline over what is said of it, also where no terminal cuts it. */
const HEADING_COLUMNS_MAX = 300;

/** How items are tagged and put into words. */
interface Tagging {
  readonly tagger: Tagger;
  readonly stakes: ReadonlyMap<SubjectId, Stake>;
  readonly explain: boolean;
}

/** The item with its tags, as JSON or in words; what of it cannot be used goes to `warn`. */
function tagged(
  item: TagInput,
  { tagger, stakes, explain }: Tagging,
  columns: number,
  warn: (problem: string) => void,
): string {
  const { words: used, problems } = usable(item);
  problems.forEach(warn);
  const { title, lang = null, date } = used;
  const text = item.text ?? item.summary ?? '';
  const tagging = tagger.tag({ title, text, ...(lang && { lang }), ...(date && { date }) });
  if (!explain) return json({ ...item, ...tagging }, 0);
  const words = { title, text };
  const lines = taggingLines({ tagging, words, said: lang, source: 'the input', stakes }, columns);
  return [fit(title === '' ? text : title, Math.min(columns, HEADING_COLUMNS_MAX)), ...lines, '']
    .map((line) => `${line}\n`)
    .join('');
}

/** `item` without the day and the language that cannot be used, and why not. */
function usable(item: TagInput): { readonly words: TagInput; readonly problems: readonly string[] } {
  const date = item.date ? dateProblem(item.date) : null;
  const lang = item.lang ? langProblem(item.lang) : null;
  const problems = [date, lang].filter((problem) => problem !== null);
  const words = { ...item, ...(date !== null && { date: null }), ...(lang !== null && { lang: null }) };
  return { words, problems };
}

/** Tags each line of `bytes`; gives how many could not be read. */
async function tagLines(bytes: AsyncIterable<Buffer>, how: Tagging, output: Output): Promise<number> {
  let bad = 0;
  for await (const { number, text } of linesOf(bytes)) {
    if (text?.trim() === '') continue;
    try {
      const warn = (problem: string): void => {
        output.err(`line ${number}: ${printable(problem)}; tagged without it\n`);
      };
      output.out(tagged(tagInputOn(text), how, output.columns, warn));
    } catch (error) {
      bad += 1;
      output.err(`line ${number}: ${tagInputProblem(error)}\n`);
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

/** Throws UsageError where flags say nothing that can be tagged, or by. */
function checkFlags({ text, lang, date }: Flags): void {
  if (text === undefined && (lang !== undefined || date !== undefined)) {
    throw new UsageError('--lang and --date go with --text: a line of stdin says its own');
  }
  if (text?.trim() === '') throw new UsageError('--text has no text to tag');
  const problem =
    (date === undefined ? null : dateProblem(date)) ?? (lang === undefined ? null : langProblem(lang));
  if (problem !== null) throw new UsageError(`--${problem}`);
}

async function tag(flags: Flags, output: Output): Promise<void> {
  const { text, lang, date, explain = false } = flags;
  checkFlags(flags);
  const dossier = await loadDossier(settings().SHUTTLEWATCH_DOSSIER);
  const how = { tagger: createTagger(dossier), stakes: stakesOf(dossier.subjects), explain };
  if (text !== undefined) {
    output.out(tagged({ title: text, lang, date }, how, output.columns, output.err));
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
