import type { Command } from 'commander';
import { revisionsOf } from '../../query/revisions.ts';
import type { Revision } from '../../query/revisions.ts';
import type { Explanation } from '../../query/why.ts';
import { revisedLines } from '../diff-text.ts';
import { explainMeant, ITEM_ARGUMENT } from '../item-reference.ts';
import { json, moment, printableEnd } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { withSession } from '../session.ts';
import { wrap } from '../wrap.ts';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

const INDENT = '    ';

function revisionLines({ revision, position, recordedAt, feed, words }: Revision, output: Output): string[] {
  const changes = revisedLines(words, output.colour).flatMap((line) =>
    wrap(line, output.columns - INDENT.length).map((row) => `${INDENT}${row}`),
  );
  return [`#${position}  ${moment(recordedAt)}  revision ${revision}, by ${feed}`, ...changes];
}

/** The words that the first of the revisions was made of. */
function firstWords({ events, contents }: Explanation): string {
  const ingested = events.find((event) => event.type === 'ItemIngested');
  const words = ingested === undefined ? undefined : contents.get(ingested.data.content);
  return printableEnd(words?.title ?? '(the words were taken down)');
}

async function revisions(reference: string, flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
    const past = await pastAsked(store.db, flags, output);
    const explanation = await explainMeant(store.db, reference, past?.position ?? null);
    const found = revisionsOf(explanation);
    const { item } = explanation;
    if (flags.json) {
      output.out(json({ ...(past !== null && { asOf: past }), item, revisions: found }));
      return;
    }
    if (found.length === 0) output.err('no revisions\n');
    const head = [`item ${item}`, `${INDENT}${firstWords(explanation)}`];
    const lines = [...head, ...found.flatMap((revision) => revisionLines(revision, output))];
    output.out(`${lines.join('\n')}\n`);
  });
}

/** `revisions`: how the words of an item changed. */
export function revisionsCommand(program: Command, output: Output): void {
  knownAtOption(program.command('revisions'))
    .description('show how the headline and lead of an item changed, word by word: [-deleted-] and {+added+}')
    .argument('<item>', ITEM_ARGUMENT)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ shuttlewatch revisions https://news.example.kr/world/1')
    .action((reference: string, flags: Flags) => revisions(reference, flags, output));
}
