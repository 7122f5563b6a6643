import type { Field } from '../events/item.ts';
import type { Candidate } from './candidate.ts';
import { BODY, type LEAD } from './fields.ts';
import type { Gazetteer } from './gazetteer.ts';
import { mentionAt, type Mentions } from './mentions.ts';
import type { IndexedPattern } from './pattern-index.ts';
import { meet, type Met } from './patterns.ts';
import type { ItemContext } from './propose.ts';
import type { Refusals } from './refusals.ts';
import type { Scan } from './scan.ts';
import { NONE, type Occurrence, type SignPlaces } from './sign-places.ts';

/** What of an item is looked through. */
export interface ItemPart {
  readonly scans: Readonly<Record<Field, Scan>>;
  readonly item: ItemContext;
  readonly fields: typeof LEAD | typeof BODY;
}

/** What was found so far, what was refused, and where the signs of patterns are noted. */
export interface Tagged {
  readonly mentions: Mentions;
  readonly refusals: Refusals;
  readonly places: SignPlaces;
}

/** Adds the topics whose patterns the part meets; a topic found so can be a sign of a later one. */
export function addTopics(
  { patterns: { patterns } }: Gazetteer,
  part: ItemPart,
  named: readonly Candidate[],
  tagged: Tagged,
): void {
  const { places } = tagged;
  noteSigns(part, named, places);
  for (let number = places.openFrom(0); number !== NONE; number = places.openFrom(number + 1)) {
    const pattern = patterns[number];
    if (pattern === undefined) continue;
    const name = part.fields === BODY ? 'body' : 'lead';
    take(pattern, meet(pattern, { name, day: part.item.day, places }), part, tagged);
  }
}

/** Notes where the cue words and the named subjects stand: where a report was written is no sign. */
function noteSigns({ scans, fields }: ItemPart, named: readonly Candidate[], places: SignPlaces): void {
  places.begin();
  for (const field of fields) {
    for (const { word, start, end } of scans[field].words) places.noteWord(word, field, start, end);
  }
  for (const { subject, field, start, end, rule } of named) {
    if (rule !== 'dateline') places.noteSubject(subject, field, start, end);
  }
}

function take(
  { subject, pattern: { name } }: IndexedPattern,
  met: Met,
  part: ItemPart,
  tagged: Tagged,
): void {
  const { refusals } = tagged;
  if ('missed' in met) {
    const { at, missed } = met;
    const place = { ...at, text: part.scans[at.field].text };
    refusals.notePattern(subject, at.text, place, `${missed}:${name}`);
    return;
  }
  for (const occurrence of met.occurrences) addSign(subject, name, occurrence, part, tagged);
}

/** Adds a mention by a sign of a pattern, unless an alias or another pattern found the same place: it is one mention. */
function addSign(
  subject: number,
  pattern: string,
  { field, start, end, text: written }: Occurrence,
  { scans }: ItemPart,
  { mentions, places }: Tagged,
): void {
  const { text } = scans[field];
  const mention = mentionAt(text, { field, start, end }, written, `pattern:${pattern}`);
  const isKnown = mentions
    .of(subject)
    .some((other) => other.start === mention.start && other.end === mention.end && other.field === field);
  if (!isKnown) mentions.add(subject, mention);
  places.noteSubject(subject, field, start, end);
}
