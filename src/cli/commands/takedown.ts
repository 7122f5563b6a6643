import type { Command } from 'commander';
import { itemStream } from '../../events/ids.ts';
import type { ItemId } from '../../events/ids.ts';
import { isItemEvent } from '../../events/item.ts';
import { findItems } from '../../query/why.ts';
import type { Db } from '../../store/database.ts';
import { readStream } from '../../store/read.ts';
import { sharersOf, SHARERS_MAX } from '../../store/taken-down.ts';
import { takeDown, textsGoing } from '../../workers/take-down.ts';
import { json } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { shortText } from '../usage.ts';

const REASON_CHARS_MAX = 500;
const BY_CHARS_MAX = 100;
const SHARERS_SHOWN_MAX = 10;

interface Flags {
  readonly reason: string;
  readonly by?: string;
  readonly yes?: true;
  readonly json?: true;
}

async function oneItem(db: Db, reference: string): Promise<ItemId> {
  const [found, ...others] = await findItems(db, reference);
  if (found === undefined) throw new Error(`no item ${reference}`);
  if (others.length === 0) return found.item;
  const candidates = [found, ...others].map(({ item, title }) => `  ${item}  ${title}`);
  throw new Error(`${reference} could be any of:\n${candidates.join('\n')}`);
}

/** Throws where others would lose their words too, and nobody has said that they shall. */
function requireConsent(sharers: readonly ItemId[], { yes }: Flags): void {
  if (sharers.length === 0 || yes) return;
  const shown = sharers.slice(0, SHARERS_SHOWN_MAX).map((item) => `  ${item}`);
  const rest = sharers.length - shown.length;
  const count = sharers.length === SHARERS_MAX ? `at least ${SHARERS_MAX}` : sharers.length.toString();
  throw new Error(
    [
      `the same words stand in other items, ${count} of them, and would go there too:`,
      ...shown,
      ...(rest > 0 ? [`  and ${rest} more`] : []),
      'nothing was taken down; say --yes if they shall go everywhere',
    ].join('\n'),
  );
}

async function takedown(reference: string, flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store, now }) => {
    const item = await oneItem(store.db, reference);
    const events = (await readStream(store.db, itemStream(item))).filter(isItemEvent);
    const sharers = await sharersOf(store.db, item, await textsGoing(store.db, events));
    requireConsent(sharers, flags);
    const wish = { reason: flags.reason, by: flags.by ?? null };
    const { contents, isNew } = await takeDown(store, item, wish, now);
    if (flags.json) output.out(json({ item, contents, isNew, sharers }));
    else if (isNew) output.err(`took down the words of ${item}, texts: ${contents.length}\n`);
    else output.err(`the words of ${item} were taken down before; "shuttlewatch why ${item}" says why\n`);
  });
}

/** `takedown`: delete the words of an item, and keep that it was. */
export function takedownCommand(program: Command, output: Output): void {
  program
    .command('takedown')
    .description(
      'delete the words of an item, in all its revisions; that it was there, and what followed, stays',
    )
    .argument('<item>', 'an item id, its first characters, or the URL of the article')
    .requiredOption('--reason <text>', 'why, for the log (required)', shortText(REASON_CHARS_MAX))
    .option('--by <who>', 'who asked for it, for the log', shortText(BY_CHARS_MAX))
    .option('--yes', 'also where other items have the very same words')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      `
The words go for good, and are not kept again: neither when a feed gives the item once
more, with these words or others, nor when another feed gives the very same words. The
log keeps link, dates and tags, and the names that were matched. Backups and exports of
before are not reached.

Example:
  $ shuttlewatch takedown 74d1402d --reason 'court order 12/26' --by 'legal desk'`,
    )
    .action((reference: string, flags: Flags) => takedown(reference, flags, output));
}
