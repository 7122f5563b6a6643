import { ALONE_SHARE, relevanceOf, type Stake } from '../classify/relevance.ts';
import { ruleText } from '../classify/rules.ts';
import { salienceParts } from '../classify/salience.ts';
import type { SubjectId } from '../events/ids.ts';
import type { Field, ItemTagged, Mention, Refusal, ReportedEvent, Tag } from '../events/item.ts';
import { markedLine } from './marked-line.ts';
import { wrap } from './wrap.ts';

/** Mentions of one tag that are shown: the others say the same again. */
const MENTIONS_SHOWN = 3;

/** What a tagger said of an item, with all that puts it into words. */
export interface TaggingShown {
  readonly tagging: Pick<ItemTagged['data'], 'lang' | 'tags' | 'relevance' | 'event' | 'refused'>;
  /** The words that were tagged; undefined where they were taken down. */
  readonly words: Readonly<Partial<Record<Field, string>>> | undefined;
  /** BCP 47: what the feed says of its language. */
  readonly said: string | null;
  /** Of the dossier it was tagged with; null where that is no longer at hand. */
  readonly stakes: ReadonlyMap<SubjectId, Stake> | null;
  /** What the language is said by: `the feed`. */
  readonly source: string;
}

const two = (value: number): string => value.toFixed(2);

/** `text` in lines of `columns`, all of them `indent` deep and those after the first a little deeper. */
function block(indent: number, text: string, columns: number): string[] {
  const lines = wrap(text, Math.max(20, columns - indent - 2));
  return lines.map((line, index) => `${' '.repeat(index === 0 ? indent : indent + 2)}${line}`);
}

function languageText({ tagging: { lang }, said, source }: TaggingShown): string {
  if (lang === null) return 'unknown: neither script nor words tell';
  if (said === null) return `${lang}, by its script and words; ${source} says nothing`;
  return lang === said
    ? `${lang}, as ${source} says`
    : `${lang}, by its script and words; ${source} says ${said}`;
}

function relevanceText({ tagging: { relevance, tags }, stakes }: TaggingShown): string {
  if (relevance === null) return 'not asked yet by the tagger of then';
  if (stakes === null)
    return `${two(relevance)} (its parts are told while the dossier is the one it was tagged with)`;
  const of = (id: SubjectId): Stake => stakes.get(id) ?? { importance: 0, side: id };
  const { topic, pair, alone } = relevanceOf(tags, of);
  const parts = [
    ...(topic.id === null ? [] : [`topic ${topic.id} ${two(topic.share)}`]),
    ...(pair.ids.length === 0 ? [] : [`pair ${pair.ids.join(' and ')} ${two(pair.share)}`]),
    ...(alone.id === null ? [] : [`${alone.id} by itself ${two(alone.share)} × ${ALONE_SHARE}`]),
  ];
  return parts.length === 0
    ? `${two(relevance)}: it names nothing of the dossier`
    : `${two(relevance)}: ${parts.join('; ')}`;
}

function partsText(tag: Tag, words: TaggingShown['words']): string {
  if (words === undefined) return '';
  const chars = {
    title: words.title?.length ?? 0,
    text: words.text?.length ?? 0,
    body: words.body?.length ?? 0,
  };
  const { title, early, often, body } = salienceParts(tag.mentions, chars);
  const parts = [
    ['in the title', title],
    ['early', early],
    ['often', often],
    ['in the full text', body],
  ] as const;
  const said = parts.filter(([, value]) => value >= 0.005).map(([name, value]) => `${name} ${two(value)}`);
  return said.length === 0 ? '' : ` = ${said.join(' + ')}`;
}

function placeLine(
  { field, start, end, surface }: Pick<Mention, 'field' | 'start' | 'end' | 'surface'>,
  words: TaggingShown['words'],
  columns: number,
): string {
  const head = `      ${field} ${start}–${end}  `;
  const text = words?.[field];
  // Words that changed since, or were taken down, do not hold it any more.
  const line =
    text?.slice(start, end) === surface
      ? markedLine(text, start, end, columns - head.length)
      : `«${surface}»`;
  return `${head}${line}`;
}

function tagLines(tag: Tag, { words }: TaggingShown, columns: number): string[] {
  const left = tag.mentions.length - MENTIONS_SHOWN;
  return [
    ...block(4, `${tag.id} (${tag.kind}), salience ${two(tag.salience)}${partsText(tag, words)}`, columns),
    ...tag.mentions
      .slice(0, MENTIONS_SHOWN)
      .flatMap((mention) => [
        placeLine(mention, words, columns),
        ...block(8, `${mention.alias}: ${ruleText(mention.rule)}`, columns),
      ]),
    ...(left > 0 ? [`      and ${left} more`] : []),
  ];
}

function refusalLines(refusal: Refusal, { words }: TaggingShown, columns: number): string[] {
  return [
    placeLine(refusal, words, columns),
    ...block(8, `not ${refusal.id}, by ${refusal.alias}: ${ruleText(refusal.rule)}`, columns),
  ];
}

/** `A, B and C`. */
function listed(ids: readonly string[]): string {
  const last = ids.at(-1) ?? '';
  return ids.length < 2 ? last : `${ids.slice(0, -1).join(', ')} and ${last}`;
}

/** Who does it to whom; what several do together is among them. */
function partiesText({ from, to }: ReportedEvent): string {
  if (from.length > 1 && from.length === to.length && from.every((id) => to.includes(id)))
    return `among ${listed(from)}`;
  const parties = [
    ...(from.length === 0 ? [] : [`by ${from.join(', ')}`]),
    ...(to.length === 0 ? [] : [`towards ${to.join(', ')}`]),
  ];
  return parties.length === 0 ? 'the text does not show by whom' : parties.join(' ');
}

function eventLines(event: ReportedEvent | null, { words }: TaggingShown, columns: number): string[] {
  if (event === null) return ['    reports    no act that it knows'];
  // An act is a theme too where both lists have the word.
  const places = event.cues.map((cue) => placeLine(cue, words, columns));
  const said = `reports    ${event.type}, ${partiesText(event)}; confidence ${two(event.confidence)}`;
  return [...block(4, said, columns), ...new Set(places)];
}

/** A tagging in lines for people: its language, relevance and event, each tag with its evidence, and what was refused. */
export function taggingLines(shown: TaggingShown, columns: number): string[] {
  const { tags, refused, event } = shown.tagging;
  return [
    ...block(4, `language   ${languageText(shown)}`, columns),
    ...block(4, `relevance  ${relevanceText(shown)}`, columns),
    ...eventLines(event, shown, columns),
    ...(tags.length === 0 ? ['    no entity or topic of the dossier is named'] : []),
    ...tags.flatMap((tag) => tagLines(tag, shown, columns)),
    ...(refused.length === 0 ? [] : ['    considered and not taken:']),
    ...refused.flatMap((refusal) => refusalLines(refusal, shown, columns)),
  ];
}
