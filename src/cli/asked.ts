import { openDossier } from '../query/dossier.ts';
import type { PublisherId } from '../events/ids.ts';
import { contextOf } from '../query/context.ts';
import { problemText, renderProblems } from '../query/problem.ts';
import { understand } from '../query/understand.ts';
import type { ItemFilter } from '../query/understand.ts';
import type { Output } from './output.ts';
import { settings } from './settings.ts';
import { UsageError } from './usage.ts';

/** A query from the command line, understood. */
export interface Asked {
  readonly filter: ItemFilter;
  /** IANA zone that days are meant in. */
  readonly zone: string;
  /** The country of each publisher of the dossier. */
  readonly countries: ReadonlyMap<PublisherId, string>;
}

/** Advice on how to write a query in a shell, for the help of commands. */
export const QUERY_HELP = `
A query is words and conditions: entity: topic: lang: publisher: country:
published: title: and more, with AND, OR, NOT (or -), brackets, "phrases",
ranges [a TO b], comparisons and a final *. docs/query.md is the manual.
Put it in single quotes, so that the shell leaves it alone:`;

/** Understands `text` where it is asked; throws UsageError showing what is wrong and where. Remarks go to stderr. */
export async function ask(text: string, output: Output): Promise<Asked> {
  const config = settings();
  const dossier = await openDossier(config.SHUTTLEWATCH_DOSSIER);
  const zone = config.SHUTTLEWATCH_ZONE;
  const context = contextOf(dossier, { now: new Date(), zone });
  const understood = understand(text, context);
  if ('problems' in understood) {
    throw new UsageError(`the query makes no sense:\n${renderProblems(text, understood.problems)}`);
  }
  for (const note of understood.filter.notes) output.err(`note: ${problemText(note)}\n`);
  const countries = new Map([...context.publishers].map(([id, { country }]) => [id, country]));
  return { filter: understood.filter, zone, countries };
}
