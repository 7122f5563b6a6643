import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { z } from 'zod';
import { createTagger } from '../../classify/tagger.ts';
import { loadConfig } from '../../config.ts';
import { loadDossier } from '../../dossier/load.ts';
import { json, messageOf } from '../output.ts';
import type { Output } from '../output.ts';

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

/** Tags each line of `lines`; gives how many could not be read. */
async function tag(lines: Readable, output: Output): Promise<number> {
  const dossier = await loadDossier(loadConfig(process.env).SHUTTLEWATCH_DOSSIER);
  const tagger = createTagger(dossier);
  let number = 0;
  let bad = 0;
  for await (const line of createInterface({ input: lines, crlfDelay: Infinity })) {
    number += 1;
    if (line.trim() === '') continue;
    try {
      const item = input.parse(JSON.parse(line));
      const { tags } = tagger.tag({
        title: item.title,
        text: item.text ?? item.summary ?? '',
        ...(item.lang && { lang: item.lang }),
        ...(item.date && { date: item.date }),
      });
      output.out(json({ ...item, tags }, 0));
      await output.drained();
    } catch (error) {
      bad += 1;
      output.err(`line ${number}: ${problemOf(error)}\n`);
    }
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
      if (bad > 0) throw new Error(`${bad} lines could not be tagged`);
    });
}
