import type { Command } from 'commander';
import { z } from 'zod';
import { createTagger } from '../../classify/tagger.ts';
import type { Tagger } from '../../classify/tagger.ts';
import { loadDossier } from '../../dossier/load.ts';
import { LINE_BYTES_MAX, linesOf } from '../../ingest/lines.ts';
import { json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';
import { settings } from '../settings.ts';
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

/** The line with its tags; throws when it cannot be read. */
function tagged(text: string | null, tagger: Tagger): string {
  if (text === null) throw new Error(`longer than ${LINE_BYTES_MAX} bytes`);
  const item = input.parse(JSON.parse(text));
  const tagging = tagger.tag({
    title: item.title,
    text: item.text ?? item.summary ?? '',
    ...(item.lang && { lang: item.lang }),
    ...(item.date && { date: item.date }),
  });
  return json({ ...item, ...tagging }, 0);
}

/** Tags each line of `bytes`; gives how many could not be read. */
async function tag(bytes: AsyncIterable<Buffer>, output: Output): Promise<number> {
  const tagger = createTagger(await loadDossier(settings().SHUTTLEWATCH_DOSSIER));
  let bad = 0;
  for await (const { number, text } of linesOf(bytes)) {
    if (text?.trim() === '') continue;
    try {
      output.out(tagged(text, tagger));
    } catch (error) {
      bad += 1;
      output.err(`line ${number}: ${problemOf(error)}\n`);
    }
    await output.drained();
  }
  return bad;
}

/** `tag`: the tagger alone, JSONL in and out. */
export function tagCommand(program: Command, output: Output): void {
  program
    .command('tag')
    .description(
      'tag JSONL on stdin, {title, text, lang, date} a line, to JSONL on stdout; needs no database',
    )
    .addHelpText('after', '\nExample:\n  $ echo \'{"title":"高市首相が奈良で会談"}\' | shuttlewatch tag')
    .action(async () => {
      const bad = await tag(process.stdin, output);
      if (bad > 0) throw new Error(`${counted(bad, 'line')} could not be tagged`);
    });
}
