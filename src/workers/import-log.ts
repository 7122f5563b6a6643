import { COPY_WINDOW_HOURS } from '../alerts/decide.ts';
import type { Position } from '../events/ids.ts';
import { position } from '../events/ids.ts';
import { PROJECTIONS } from '../projections/all.ts';
import { addItemKeys } from '../projections/item-keys.ts';
import { consumerOf } from '../projections/projection.ts';
import { WORDS_VERSION, wordsVectorOf } from '../query/item-text.ts';
import type { ItemContent } from '../store/content.ts';
import type { Tx } from '../store/database.ts';
import type { Imported } from '../store/import.ts';
import type { ContentLine } from '../store/log-line.ts';
import { passOver } from '../store/pass-over.ts';
import { putWords } from '../store/put-words.ts';
import { readAfter } from '../store/read.ts';
import { forgetSpokenAbout, readSpokenAbout, updateRuleBook, writeSpokenAbout } from '../store/rule-book.ts';
import type { SpokenAbout } from '../store/rule-book.ts';
import { spokenIn } from '../store/spoken-in.ts';
import { forgetTexts } from '../store/taken-down.ts';

const HOUR_MS = 3_600_000;

/**
 * What each consumer does about events that came with an import, as replaying must never notify.
 *
 * - replay: handles them like any other, since it does no more than fill tables
 * - pass over: never sees them. What it keeps in sw_work is derived from the log instead (see settleImport), and what the
 *   log leaves undone is found by reconcile
 */
export const AFTER_IMPORT: Readonly<Record<string, 'replay' | 'pass over'>> = {
  // Feeds are polled anew, and their first poll is a backfill.
  'feed-schedule': 'replay',
  'relay-items': 'pass over',
  // What was imported is old news: nobody's pages are fetched for it.
  'plan-pages': 'pass over',
  rules: 'pass over',
  // Its texts went with the import (see settleImport), and once more does no harm.
  'forget-words': 'replay',
  // No delivery is planned: what was raised and not delivered is the original's to send.
  'relay-alerts': 'pass over',
  ...Object.fromEntries(PROJECTIONS.map((projection) => [consumerOf(projection).name, 'replay' as const])),
};

const PASSED_OVER = Object.keys(AFTER_IMPORT).filter((name) => AFTER_IMPORT[name] === 'pass over');

/** What searches look into, of words that came with an import. */
function wordsOf({ hash, contentKind, body }: ContentLine): { hash: string; words: string }[] {
  return contentKind !== 'response' ? [{ hash, words: wordsVectorOf(JSON.parse(body) as ItemContent) }] : [];
}

/**
 * The rules in force, as the rules consumer would have them here; and what was taken down goes at once, as its words may have
 * come with an earlier part of the log.
 */
async function followEvents(tx: Tx, from: Position, to: Position): Promise<void> {
  const before = position(from - 1);
  const { events } = await readAfter(
    tx,
    before,
    ['RuleDefined', 'RuleRetired', 'ItemTakenDown'],
    to - before,
  );
  for (const event of events) {
    if (event.type === 'RuleDefined' || event.type === 'RuleRetired') await updateRuleBook(tx, event);
    else if (event.type === 'ItemTakenDown') await forgetTexts(tx, event.data.contents, event.position);
  }
}

/** What rules have spoken about, each word in place of the one before it: see spokenBy in alerts/decide.ts. */
async function rememberSpoken(tx: Tx, from: Position, to: Position): Promise<void> {
  const words = await spokenIn(tx, from, to);
  const keyOf = ({ rule, copyKey }: SpokenAbout): string => JSON.stringify([rule, copyKey]);
  const earlier = await readSpokenAbout(
    tx,
    words.map(({ copyKey }) => copyKey),
  );
  const known = new Map(earlier.map((word) => [keyOf(word), word]));
  for (const word of words) {
    const before = known.get(keyOf(word));
    if (word.said === 'backfill' && before !== undefined && before.at >= word.at) continue;
    known.set(keyOf(word), word);
  }
  await writeSpokenAbout(tx, [...known.values()]);
}

/**
 * Brings this copy to where its consumers can go on after an import: in the transaction of the import, so that whoever starts
 * workers on a log that is half imported notifies nobody either.
 */
export function settleImport(now: () => Date): (tx: Tx, imported: Imported) => Promise<void> {
  return async (tx, { from, to, recordedTo, contents }) => {
    await followEvents(tx, from, to);
    await addItemKeys(tx, position(from - 1), to);
    await putWords(tx, contents.flatMap(wordsOf), WORDS_VERSION);
    await rememberSpoken(tx, from, to);
    await forgetSpokenAbout(tx, new Date(recordedTo.getTime() - COPY_WINDOW_HOURS * HOUR_MS));
    await passOver(tx, PASSED_OVER, to, now());
  };
}
