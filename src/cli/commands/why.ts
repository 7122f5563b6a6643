import type { Command } from 'commander';
import { stakesOf } from '../../classify/relevance.ts';
import type { Dossier } from '../../dossier/dossier.ts';
import { loadDossier } from '../../dossier/load.ts';
import { DossierError } from '../../dossier/problem.ts';
import { matchText } from '../../events/alert.ts';
import type { Recorded } from '../../events/event.ts';
import type {
  ItemAliased,
  ItemEvent,
  ItemIngested,
  ItemRevised,
  ItemTagged,
  ItemTakenDown,
  ItemTextFetched,
  ItemTextMissed,
} from '../../events/item.ts';
import { revisionsOf } from '../../query/revisions.ts';
import type { Explanation } from '../../query/why.ts';
import { acknowledgedText, ID_CHARS_SHOWN, outcomeText } from '../alert-text.ts';
import { revisedLines } from '../diff-text.ts';
import { explainMeant, ITEM_ARGUMENT } from '../item-reference.ts';
import { fit, json, messageOf, moment } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { withSession } from '../session.ts';
import { taggingLines } from '../tagging-text.ts';
import { counted } from '../words.ts';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

/** Where words are that are gone: with the item itself, or with another that had the same. */
function goneText(
  { takenDown }: Explanation,
  hash: Parameters<Explanation['contents']['get']>[0],
  what: string,
): string {
  const elsewhere = takenDown.get(hash)?.data;
  if (elsewhere === undefined) return `(${what} taken down)`;
  return `(${what} taken down with item ${elsewhere.item}, which had the same; because: ${elsewhere.reason})`;
}

function fetchedLines(
  explanation: Explanation,
  head: string,
  { text, url, characters, cut, canonical }: ItemTextFetched['data'],
): string[] {
  const more = cut ? ', of which there was more' : '';
  const gone = explanation.contents.has(text) ? [] : [`    ${goneText(explanation, text, 'it was')}`];
  const original = canonical === null ? [] : [`    names ${canonical} as the original`];
  return [
    `${head}  full text fetched, ${counted(characters, 'character')}${more}`,
    `    ${url}`,
    ...original,
    ...gone,
  ];
}

function wordsLines(explanation: Explanation, hash: Parameters<Explanation['contents']['get']>[0]): string[] {
  const words = explanation.contents.get(hash);
  if (words === undefined) return [`    ${goneText(explanation, hash, 'the words were')}`];
  return [`    ${words.title}`, ...(words.summary === '' ? [] : [`    ${words.summary}`])];
}

function takenDownText({ reason, by, contents }: ItemTakenDown['data']): string {
  return `words taken down${by === null ? '' : ` by ${by}`}, texts: ${contents.length}; because: ${reason}`;
}

function ingestedLines(explanation: Explanation, head: string, data: ItemIngested['data']): string[] {
  const { feed, publisher, url, lang, published, backfill } = data;
  return [
    `${head}  ingested from ${feed} (${publisher})${backfill === null ? '' : `, backfill: ${backfill}`}`,
    `    ${url ?? 'no link'}`,
    `    published ${published ?? 'without a date'}, language ${lang ?? 'not given'}`,
    ...wordsLines(explanation, data.content),
  ];
}

function changedLines(explanation: Explanation, head: string, event: Recorded<ItemRevised>): string[] {
  const revision = revisionsOf(explanation).find(({ position }) => position === event.position);
  const changes = revisedLines(revision?.words ?? null, false).map((line) => `    ${line}`);
  return [`${head}  revised (${event.data.revision})`, ...changes];
}

function aliasedLines(head: string, { url, guid, feed }: ItemAliased['data']): string[] {
  const names = [...(url === null ? [] : [url]), ...(guid === null ? [] : [`guid ${guid}`])];
  return [`${head}  the same article under another name in ${feed}`, ...names.map((name) => `    ${name}`)];
}

function missedText({ kind, reason, status }: ItemTextMissed['data']): string {
  return `no full text (${kind}${status === null ? '' : `, ${status}`}): ${reason}`;
}

/** What is needed to put events into words, beside the log. */
interface Telling {
  /** The dossier as it is now; null where it cannot be read. */
  readonly dossier: Dossier | null;
  readonly columns: number;
}

function taggedLines(
  explanation: Explanation,
  head: string,
  { data, position }: Recorded<ItemTagged>,
  { dossier, columns }: Telling,
): string[] {
  const { cause, dossier: version, tagger, text, content } = data;
  const words = explanation.contents.get(text ?? content);
  const before = explanation.events.findLast(
    (event): event is Recorded<ItemIngested> => event.type === 'ItemIngested' && event.position < position,
  );
  return [
    `${head}  tagged because ${cause}; dossier ${version}, tagger ${tagger}`,
    ...taggingLines(
      {
        tagging: data,
        words: words && { title: words.title, text: words.summary, ...(words.text && { body: words.text }) },
        said: before?.data.lang ?? null,
        source: 'the feed',
        stakes: dossier?.version === version ? stakesOf(dossier.subjects) : null,
      },
      columns,
    ),
  ];
}

function eventLines(explanation: Explanation, event: Recorded<ItemEvent>, telling: Telling): string[] {
  const head = `#${event.position}  ${moment(event.recordedAt)}`;
  switch (event.type) {
    case 'ItemIngested':
      return ingestedLines(explanation, head, event.data);
    case 'ItemTextFetched':
      return fetchedLines(explanation, head, event.data);
    case 'ItemTextMissed':
      return [`${head}  ${missedText(event.data)}`];
    case 'ItemRevised':
      return changedLines(explanation, head, event);
    case 'ItemAliased':
      return aliasedLines(head, event.data);
    case 'ItemTagged':
      return taggedLines(explanation, head, event, telling);
    case 'ItemTakenDown':
      return [`${head}  ${takenDownText(event.data)}`];
  }
}

function explanationText(explanation: Explanation, telling: Telling): string {
  const { columns } = telling;
  const lines = [
    `item ${explanation.item}`,
    ...explanation.events.flatMap((event) => eventLines(explanation, event, telling)),
  ];
  if (explanation.alerts.length === 0) lines.push('no rule matched, so no alert');
  for (const alert of explanation.alerts) {
    const because = alert.matches.map(matchText).join(', ');
    lines.push(
      `#${alert.position}  ${moment(alert.recordedAt)}  alert ${alert.alert.slice(0, ID_CHARS_SHOWN)} by ${alert.rule}: ${outcomeText(alert)}`,
    );
    lines.push(`    because ${because}`);
    const acknowledged = acknowledgedText(alert);
    if (acknowledged !== null) lines.push(`    ${acknowledged}`);
  }
  return lines
    .map((line) => {
      const indent = /^ */.exec(line)?.[0] ?? '';
      return `${indent}${fit(line, columns - indent.length)}\n`;
    })
    .join('');
}

/** The dossier in `folder`; null, and said why, where it cannot be read: what the log holds is told all the same. */
async function dossierAt(folder: string, output: Output): Promise<Dossier | null> {
  try {
    return await loadDossier(folder);
  } catch (error) {
    if (!(error instanceof DossierError)) throw error;
    output.err(`${messageOf(error)}\n`);
    return null;
  }
}

async function why(reference: string, flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store, config }) => {
    const past = await pastAsked(store.db, flags, output);
    const at = past?.position ?? null;
    const explanation = await explainMeant(store.db, reference, at);
    if (flags.json) {
      const contents = Object.fromEntries(explanation.contents);
      const revisions = revisionsOf(explanation);
      const takenDown = Object.fromEntries(explanation.takenDown);
      output.out(
        json({ ...(past !== null && { asOf: past }), ...explanation, contents, takenDown, revisions }),
      );
    } else {
      const dossier = await dossierAt(config.SHUTTLEWATCH_DOSSIER, output);
      output.out(explanationText(explanation, { dossier, columns: output.columns }));
    }
  });
}

/** `why`: what happened to an item, and by what decisions. */
export function whyCommand(program: Command, output: Output): void {
  knownAtOption(program.command('why'))
    .description(
      'explain an item: where it came from, its tags and what they rest on, its alerts or why there are none',
    )
    .argument('<item>', ITEM_ARGUMENT)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  $ shuttlewatch why 74d1402d')
    .action((reference: string, flags: Flags) => why(reference, flags, output));
}
