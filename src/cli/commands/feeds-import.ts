import type { Command } from 'commander';
import { settings } from '../settings.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { readFeedList } from '../../dossier/read-list.ts';
import type { ListEntry } from '../../dossier/read-list.ts';
import type { ContentHash } from '../../events/ids.ts';
import { printable } from '../../alerts/console-channel.ts';
import type { FeedEvent } from '../../events/feed.ts';
import type { AddDecision, WantedFeed } from '../../ingest/hand-feeds.ts';
import { languageOf } from '../../ingest/language.ts';
import { opmlText } from '../../ingest/opml-text.ts';
import { cut } from '../../ingest/text.ts';
import { parseTarget } from '../../net/target.ts';
import { openDossier } from '../../query/dossier.ts';
import { addFeeds, foreseeFeeds } from '../../workers/hand-feeds.ts';
import { keepList, listHashOf } from '../../workers/feed-lists.ts';
import { readInputBytes } from '../input.ts';
import { jsonShown } from '../output.ts';
import type { Output } from '../output.ts';
import { withSession } from '../session.ts';
import { UsageError } from '../usage.ts';
import { notAdded, PRIVATE_NOTE, privateHint, publisherOf } from './feeds-add.ts';

/** Feeds of one list. */
const IMPORT_FEEDS_MAX = 2_000;
/** Characters of a title and of the reason of a pause; what is longer is cut. */
const TEXT_CHARS_MAX = 500;
/** BCP 47 as lists of ours write it. */
const LANG = /^[a-z]{2,3}(?:-[A-Z][a-z]{3})?(?:-[A-Z]{2})?$/;

interface Flags {
  readonly dryRun?: true;
  readonly allowPrivate?: true;
  readonly json?: true;
}

interface Line {
  readonly line: number;
  readonly wanted: WantedFeed;
}

/**
 * Whether an entry is meant for an address of this machine or network. Whoever wrote the list does not decide where this
 * machine looks, that takes the flag; and the flag opens no more than the entries that need it.
 */
function needsPrivate({ url, options }: ListEntry): boolean {
  const target = parseTarget(url, undefined, false);
  return options?.allowPrivate === true || ('kind' in target && target.code === 'blocked-address');
}

/** An entry as a feed that is wanted, or why it cannot be. */
function wantedOf(dossier: Dossier, entry: ListEntry, list: ContentHash, open: boolean): WantedFeed | string {
  const target = parseTarget(entry.url, undefined, open);
  if ('kind' in target) return `${target.reason}${open ? '' : privateHint(entry.url)}`;
  const title = cut(entry.title, TEXT_CHARS_MAX).trim();
  const { id, lang, paused } = entry;
  return {
    id,
    url: target.href,
    title,
    publisher: entry.publisher ?? publisherOf(dossier, target.href, title),
    lang: lang !== null && LANG.test(lang) ? lang : languageOf(lang),
    options: { ...entry.options, allowPrivate: open && needsPrivate(entry) },
    paused: paused === null ? null : cut(paused, TEXT_CHARS_MAX).trim() || 'paused',
    outline: { list, outline: entry.outline },
  };
}

function readList(
  dossier: Dossier,
  text: string,
  { file, open }: { readonly file: string; readonly open: boolean },
): { readonly lines: readonly Line[]; readonly bad: readonly string[] } {
  const { entries, faults } = readFeedList(text);
  const list = listHashOf(text);
  const bad = faults.map(({ line, message }) => `${file}:${line}: ${message}`);
  const lines: Line[] = [];
  for (const entry of entries) {
    const wanted = wantedOf(dossier, entry, list, open);
    if (typeof wanted === 'string') bad.push(`${file}:${entry.line}: ${wanted}`);
    else lines.push({ line: entry.line, wanted });
  }
  return { lines, bad };
}

const isOpened = ({ events }: { readonly events: readonly FeedEvent[] }): boolean =>
  events.some(({ type }) => type === 'FeedOptionsChanged');

/** What became of an entry, or would. */
function lineOf(decision: AddDecision, { wanted: { url } }: Line, { dryRun }: Flags): string {
  if (decision.kind === 'added') return `${dryRun ? 'would add' : 'added'} ${decision.feed}  ${url}`;
  const opened = decision.kind === 'known' && isOpened(decision);
  const now = dryRun ? 'would be allowed' : 'is allowed now';
  return `${notAdded(decision, url) ?? ''}${opened ? `; a private address ${now}` : ''}`;
}

async function importFeeds(file: string, flags: Flags, output: Output): Promise<void> {
  const dossier = await openDossier(settings().SHUTTLEWATCH_DOSSIER);
  const text = opmlText(await readInputBytes(file));
  const { lines, bad } = readList(dossier, text, { file, open: flags.allowPrivate === true });
  if (lines.length === 0 && bad.length === 0) throw new UsageError(`${file}: no feeds in it`);
  if (lines.length > IMPORT_FEEDS_MAX)
    throw new UsageError(`${file}: ${lines.length} feeds are more than ${IMPORT_FEEDS_MAX} at once`);
  await withSession(async (session) => {
    const wanted = lines.map((line) => line.wanted);
    const decide = flags.dryRun ? foreseeFeeds : addFeeds;
    if (!flags.dryRun) await keepList(session.store, text);
    const decisions = await decide(session, wanted, dossier.feeds);
    const problems = [...bad];
    decisions.forEach((decision, index) => {
      const at = lines[index];
      if (at === undefined) return;
      const against = notAdded(decision, at.wanted.url);
      if (decision.kind === 'taken') problems.push(`${file}:${at.line}: ${against ?? ''}`);
      else if (!flags.json) output.err(`${printable(lineOf(decision, at, flags))}\n`);
    });
    for (const problem of problems) output.err(`${printable(problem)}\n`);
    const count = (kind: string): number => decisions.filter((decision) => decision.kind === kind).length;
    const summary = { added: count('added'), known: count('known'), bad: problems.length };
    if (flags.json) {
      const feeds = decisions.map(({ kind, feed }, index) => ({
        feed,
        url: wanted[index]?.url,
        outcome: kind,
      }));
      output.out(jsonShown({ dryRun: flags.dryRun === true, ...summary, feeds }));
    } else {
      const add = flags.dryRun ? 'to add' : 'added';
      output.err(`${summary.added} ${add}, ${summary.known} known already, ${summary.bad} that cannot be\n`);
    }
    const isOpen = wanted.some(({ options }) => options?.allowPrivate === true);
    if (isOpen && !flags.dryRun) output.err(PRIVATE_NOTE);
    if (problems.length > 0) throw new Error(`${problems.length} of the entries cannot be feeds here`);
  });
}

/** `feeds import`: a list of feeds, by hand. */
export function feedsImportCommand(feeds: Command, output: Output): void {
  feeds
    .command('import')
    .description('add the feeds of an OPML list by hand: what a feed reader or "feeds export" wrote')
    .argument('<file>', 'the OPML file, or - for stdin')
    .option('--dry-run', 'only tell what would be added')
    .option('--allow-private', 'also feeds on hosts of this machine or network, kept as such')
    .option('--json', 'print JSON')
    .action((file: string, flags: Flags) => importFeeds(file, flags, output));
}
