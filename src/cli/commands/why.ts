import type { Command } from 'commander';
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
  Mention,
  Tag,
} from '../../events/item.ts';
import { revisionsOf } from '../../query/revisions.ts';
import type { Explanation } from '../../query/why.ts';
import { acknowledgedText, ID_CHARS_SHOWN, outcomeText } from '../alert-text.ts';
import { revisedLines } from '../diff-text.ts';
import { explainMeant, ITEM_ARGUMENT } from '../item-reference.ts';
import { fit, json, moment } from '../output.ts';
import type { Output } from '../output.ts';
import { knownAtOption, pastAsked } from '../past.ts';
import type { PastFlags } from '../past.ts';
import { withSession } from '../session.ts';
import { counted } from '../words.ts';

interface Flags extends Pick<PastFlags, 'knownAt'> {
  readonly json?: true;
}

function mentionText({ field, start, end, surface, alias, rule }: Mention): string {
  return `“${surface}” at ${field} ${start}–${end} matches ${alias} (${rule})`;
}

/** Characters shown on either side of a mention in a full text. */
const SNIPPET_CHARS = 40;

/** What stands around a mention in the full text, on one line; nothing for others, which stand in words that are shown whole. */
function snippet({ field, start, end }: Mention, body: string | undefined): string[] {
  if (field !== 'body' || body === undefined) return [];
  const [from, to] = [Math.max(0, start - SNIPPET_CHARS), end + SNIPPET_CHARS];
  const around = body.slice(from, to).replace(/\s+/g, ' ');
  return [`        ${from > 0 ? '…' : ''}${around}${to < body.length ? '…' : ''}`];
}

function tagLines(tag: Tag, body: string | undefined): string[] {
  return [
    `    ${tag.id} (${tag.kind}), salience ${tag.salience.toFixed(2)}`,
    ...tag.mentions.flatMap((mention) => [`      ${mentionText(mention)}`, ...snippet(mention, body)]),
  ];
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

function taggedLines(explanation: Explanation, head: string, data: ItemTagged['data']): string[] {
  const { cause, dossier, tagger, tags, lang, text } = data;
  const body = text === null ? undefined : explanation.contents.get(text)?.text;
  return [
    `${head}  tagged because ${cause}; dossier ${dossier}, tagger ${tagger}, language ${lang ?? 'unknown'}`,
    ...(tags.length === 0
      ? ['    no entity or topic of the dossier is named']
      : tags.flatMap((tag) => tagLines(tag, body))),
  ];
}

function eventLines(explanation: Explanation, event: Recorded<ItemEvent>): string[] {
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
      return taggedLines(explanation, head, event.data);
    case 'ItemTakenDown':
      return [`${head}  ${takenDownText(event.data)}`];
  }
}

function explanationText(explanation: Explanation, columns: number): string {
  const lines = [
    `item ${explanation.item}`,
    ...explanation.events.flatMap((event) => eventLines(explanation, event)),
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

async function why(reference: string, flags: Flags, output: Output): Promise<void> {
  await withSession(async ({ store }) => {
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
    } else output.out(explanationText(explanation, output.columns));
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
