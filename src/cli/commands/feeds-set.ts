import { Option } from 'commander';
import type { Command } from 'commander';
import { feedId } from '../../events/ids.ts';
import type { FeedId } from '../../events/ids.ts';
import { decideOptions } from '../../ingest/hand-feeds.ts';
import type { Output } from '../output.ts';
import { listOption, UsageError } from '../usage.ts';
import { PRIVATE_NOTE } from './feeds-add.ts';
import { changeThem, reasonOption } from './feeds-change.ts';
import type { ChangeFlags } from './feeds-change.ts';

type Switch = 'on' | 'off';

interface Flags extends ChangeFlags {
  readonly fullText?: Switch;
  readonly allowPrivate?: Switch;
}

async function set(feeds: readonly FeedId[], flags: Flags, output: Output): Promise<void> {
  const { fullText, allowPrivate } = flags;
  if (fullText === undefined && allowPrivate === undefined)
    throw new UsageError('nothing to set: name --full-text or --allow-private, on or off');
  const decide = decideOptions({
    ...(fullText !== undefined && { fullText: fullText === 'on' }),
    ...(allowPrivate !== undefined && { allowPrivate: allowPrivate === 'on' }),
  });
  await changeThem(feeds, flags, { done: 'set', decide }, output);
  if (allowPrivate === 'on') output.err(PRIVATE_NOTE);
}

const onOff = (name: string, about: string): Option =>
  new Option(`--${name} <on|off>`, about).choices(['on', 'off']);

/** `feeds set`: options of feeds, by hand. */
export function feedsSetCommand(feeds: Command, output: Output): void {
  feeds
    .command('set')
    .description('switch options of feeds on or off; those that are not named stay as they are')
    .argument('<id...>', 'ids of feeds', listOption(feedId))
    .addOption(onOff('full-text', 'fetch the pages of new items, and tag and find what they say'))
    .addOption(onOff('allow-private', 'let feeds pass the address guard (for the lab)'))
    .addOption(reasonOption())
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nWhat is set by hand stands at every start, until the dossier lists the feed with other\n' +
        'options than before. Full text is fetched for items that come from now on.',
    )
    .action((ids: FeedId[], flags: Flags) => set(ids, flags, output));
}
