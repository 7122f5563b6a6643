import { openDossier } from '../query/dossier.ts';
import type { PublisherId } from '../events/ids.ts';
import { contextOf } from '../query/context.ts';
import type { QueryContext } from '../query/context.ts';
import { knownFeeds } from '../query/known-feeds.ts';
import { problemText, renderProblems } from '../query/problem.ts';
import { understand } from '../query/understand.ts';
import type { ItemFilter } from '../query/understand.ts';
import type { Db } from '../store/database.ts';
import type { Output } from './output.ts';
import { asOf, pastOf, pastText } from './past.ts';
import { behindText } from './behind.ts';
import type { Past, PastFlags } from './past.ts';
import { settings } from './settings.ts';
import { UsageError } from './usage.ts';

/** A query from the command line, understood. */
export interface Asked {
  readonly text: string;
  readonly context: QueryContext;
  readonly filter: ItemFilter;
  /** As of when it is answered, where not as of now. */
  readonly past: Past | null;
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

function understood(text: string, context: QueryContext): ItemFilter {
  const result = understand(text, context);
  if ('filter' in result) return result.filter;
  throw new UsageError(`the query makes no sense:\n${renderProblems(text, result.problems)}`);
}

/** Understands `text` where it is asked; throws UsageError showing what is wrong and where. */
export async function ask(text: string): Promise<Asked> {
  const config = settings();
  const dossier = await openDossier(config.SHUTTLEWATCH_DOSSIER);
  const zone = config.SHUTTLEWATCH_ZONE;
  const context = contextOf(dossier, { now: new Date(), zone });
  const filter = understood(text, context);
  const countries = new Map([...context.publishers].map(([id, { country }]) => [id, country]));
  return { text, context, filter, past: null, zone, countries };
}

/** Says which names nobody knows: a feed may be the log's, though the dossier does not list it. */
async function tellNotes(db: Db, { text, context, filter }: Asked, output: Output): Promise<void> {
  if (filter.notes.length === 0) return;
  const feeds = new Set([...context.feeds, ...(await knownFeeds(db))]);
  for (const note of understood(text, { ...context, feeds }).notes)
    output.err(`note: ${problemText(note)}\n`);
}

/**
 * The same as of the past that `flags` ask for: `now` in the query is then, too. Remarks go to stderr, and as of when it is. Throws
 * UsageError.
 */
export async function askOfThen(db: Db, asked: Asked, flags: PastFlags, output: Output): Promise<Asked> {
  await tellNotes(db, asked, output);
  const past = await pastOf(db, flags, asked.context);
  const behind = await behindText(db, past?.position ?? null);
  if (behind !== null) output.err(`${behind}\n`);
  if (past === null) return asked;
  output.err(`${pastText(past, asked.zone)}\n`);
  const filter = understood(asked.text, { ...asked.context, now: past.now });
  return { ...asked, past, filter: asOf(filter, past) };
}
