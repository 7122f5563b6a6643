import type { TaggerInput, Tagging } from '../classify/tagger.ts';
import type { ItemId, Position, SubjectId } from '../events/ids.ts';
import type { Field, ItemTagged, Mention, Tag } from '../events/item.ts';
import { head } from '../store/read.ts';
import { ahead, inTurns } from './ahead.ts';
import { isCurrent, isTaggedAlike } from './retag.ts';
import type { RetagDeps, RetagProgress } from './retag.ts';
import { inputOf, tagKnown } from './tag-items.ts';
import { taggedItems } from './tagged-items.ts';
import type { TaggedItem } from './tagged-items.ts';

/** UTF-16 units kept around what names a subject: more than fits into a line of a terminal. */
const AROUND_UNITS_MAX = 200;

/** An item that gains or loses a subject. */
export interface TagExample {
  readonly item: ItemId;
  readonly lang: string | null;
  readonly title: string;
  /** What names the subject, and the rule that let it stand; of a pattern its first part. */
  readonly surface: string;
  readonly rule: string;
  readonly field: Field;
  /** What stands around it there, AROUND_UNITS_MAX of either side. */
  readonly before: string;
  readonly after: string;
  /** The rule that refuses it now; null for a gain, and where it is not looked for any more. */
  readonly refused: string | null;
}

export interface SubjectForecast {
  readonly subject: SubjectId;
  gained: number;
  lost: number;
  readonly gains: TagExample[];
  readonly losses: TagExample[];
}

/** What a retagging would do. */
export interface Forecast {
  /** Items looked at. */
  items: number;
  /** Those that would be tagged anew, and of them those with other subjects. */
  changed: number;
  otherSubjects: number;
  /** Whose words are not tagged yet, taken down, or cannot be tagged. */
  left: number;
  gone: number;
  failed: number;
  /** By how many items gain or lose them, most first. */
  readonly subjects: readonly SubjectForecast[];
}

export interface ForecastOptions {
  /** Where in the log to begin. */
  readonly from: Position;
  /** Items to look at, at most; null for all. */
  readonly limit: number | null;
  /** Examples kept of each side. */
  readonly examples: number;
  readonly onProgress?: (progress: RetagProgress) => void;
}

/** Those of `tags` whose subject is not among `others`. */
function without(tags: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  return tags.filter(({ id }) => !others.some((other) => other.id === id));
}

/** A copy of a stretch of `text`: what V8 makes of a stretch keeps all of the text in memory, and a full text is long. */
function copied(text: string, from: number, to: number): string {
  return Buffer.from(text.slice(Math.max(0, from), to), 'utf16le').toString('utf16le');
}

function exampleOf(
  item: ItemId,
  lang: string | null,
  words: TaggerInput,
  mention: Mention | undefined,
  refused: string | null,
): TagExample {
  const { surface = '', rule = '', field = 'title', start = 0, end = 0 } = mention ?? {};
  const text = words[field] ?? '';
  const before = copied(text, start - AROUND_UNITS_MAX, start);
  const after = copied(text, end, end + AROUND_UNITS_MAX);
  return { item, lang, title: words.title, surface, rule, field, before, after, refused };
}

class Forecasting {
  readonly counts = { items: 0, changed: 0, otherSubjects: 0, left: 0, gone: 0, failed: 0 };
  readonly #subjects = new Map<SubjectId, SubjectForecast>();
  readonly #deps: RetagDeps;
  readonly #examples: number;

  constructor(deps: RetagDeps, examples: number) {
    this.#deps = deps;
    this.#examples = examples;
  }

  look(one: TaggedItem): void {
    const { counts } = this;
    counts.items += 1;
    if (isCurrent(one.tagged, this.#deps)) return;
    if (one.words === null) {
      counts.gone += 1;
      return;
    }
    try {
      const isWanted = (tagging: Tagging): boolean => !isTaggedAlike(one.tagged, tagging);
      const event = tagKnown(this.#deps, one.known, one.words, isWanted);
      if (event !== null) this.#compare(one.tagged, inputOf(one.known, one.words), event.data);
    } catch (error) {
      counts.failed += 1;
      this.#deps.log.error({ item: one.item, err: error }, 'could not tag again');
    }
  }

  #compare(before: ItemTagged['data'], words: TaggerInput, after: ItemTagged['data']): void {
    this.counts.changed += 1;
    const gained = without(after.tags, before.tags);
    const lost = without(before.tags, after.tags);
    if (gained.length + lost.length > 0) this.counts.otherSubjects += 1;
    const example = ({ mentions }: Tag, refused: string | null): TagExample =>
      exampleOf(after.item, after.lang, words, mentions[0], refused);
    for (const tag of gained) {
      const subject = this.#of(tag.id);
      subject.gained += 1;
      if (subject.gains.length < this.#examples) subject.gains.push(example(tag, null));
    }
    for (const tag of lost) {
      const subject = this.#of(tag.id);
      subject.lost += 1;
      const refusal = after.refused.find(({ id }) => id === tag.id);
      if (subject.losses.length < this.#examples) subject.losses.push(example(tag, refusal?.rule ?? null));
    }
  }

  #of(subject: SubjectId): SubjectForecast {
    const known = this.#subjects.get(subject) ?? { subject, gained: 0, lost: 0, gains: [], losses: [] };
    this.#subjects.set(subject, known);
    return known;
  }

  get done(): Forecast {
    const subjects = [...this.#subjects.values()].sort(
      (a, b) => b.gained + b.lost - (a.gained + a.lost) || (a.subject < b.subject ? -1 : 1),
    );
    return { ...this.counts, subjects };
  }
}

/** What `retag` would do, oldest items first; appends nothing. Memory does not grow with the log. */
export async function forecastRetag(deps: RetagDeps, options: ForecastOptions): Promise<Forecast> {
  const { from, limit, examples, onProgress } = options;
  const { db } = deps.store;
  const total = await head(db);
  const forecasting = new Forecasting(deps, examples);
  const { counts } = forecasting;
  const pieces = taggedItems(db, { from, to: total }, (tagged) => !isCurrent(tagged, deps));
  onProgress?.({ items: 0, position: from, total });
  for await (const { tagged, untagged, until } of ahead(pieces)) {
    const room = limit === null ? tagged.length : Math.min(tagged.length, limit - counts.items);
    for await (const some of inTurns(tagged.slice(0, room))) {
      for (const one of some) forecasting.look(one);
    }
    counts.left += untagged;
    onProgress?.({ items: counts.items, position: until, total });
    if (limit !== null && counts.items >= limit) break;
  }
  return forecasting.done;
}
