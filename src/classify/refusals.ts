import type { SubjectId } from '../events/ids.ts';
import { REFUSALS_MAX } from '../events/item.ts';
import type { Field, Mention, Refusal } from '../events/item.ts';
import { FIELD_NUMBERS, FIELDS } from './fields.ts';
import type { CompiledAlias, Gazetteer } from './gazetteer.ts';
import type { Mentions } from './mentions.ts';
import type { Normalized } from './normalize.ts';
import type { Rule, RuleName } from './rules.ts';

/** Refusals noted of one item at most: what comes later in a text that names everything is not looked at for them. */
const NOTED_MAX = 500;

/** Units up to which a name of an alphabet that is refused for its letters tells nothing: `us` is in every text. */
const TELLING_UNITS_MIN = 3;

interface Place {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
}

/** A name that was not taken, in units of the normalised field; put into words only when its item is done. */
interface Refused extends Place {
  readonly subject: number;
  readonly alias: CompiledAlias | null;
  /** The alias or the cue as the dossier writes it. */
  readonly written: string;
  readonly text: Normalized;
  readonly rule: Rule;
}

/** Words told of those that a name asks for. */
const ASKED_MAX = 3;

/** How near a rule came to letting the name stand: the higher the nearer. What is not here was told by the letters alone. */
const NEARNESS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    'too-weak': 5,
    rival: 5,
    'condition-not-met': 5,
    'excluded-by': 5,
    namesake: 5,
    'pattern-barred': 4,
    'pattern-outside-dates': 4,
    'pattern-too-far': 4,
    'outside-dates': 4,
    'no-day': 4,
    'followed-by': 3,
    'others-office': 3,
    'about-office': 3,
    'part-of-a-name': 3,
    'another-person': 3,
    'in-other-name': 3,
    'longer-name': 2,
    'publisher-tail': 2,
    'company-name': 2,
    'of-a-people': 2,
  } satisfies Partial<Record<RuleName, number>>),
);

const NEARNESS_DEFAULT = 1;
/** What a subject that is not tagged has before one that is, whatever their rules. */
const UNTAGGED_RANK = 10;
const RANKS = 20;

function nearnessOf(rule: Rule): number {
  // What refuses a name is one rule, perhaps with an argument behind a colon.
  const colon = rule.indexOf(':');
  return NEARNESS.get(colon < 0 ? rule : rule.slice(0, colon)) ?? NEARNESS_DEFAULT;
}

/** What was considered in one item and not taken; one item after the other is noted in the same place. */
export class Refusals {
  readonly #noted: Refused[] = [];
  /** How many of those noted are of this item. */
  #count = 0;
  readonly #order = new Int32Array(NOTED_MAX);

  /** Forgets the item before. */
  begin(): void {
    this.#count = 0;
  }

  /** Notes a name that is not taken: cheap, since texts name much that is none. */
  note(alias: CompiledAlias, place: Place & { readonly text: Normalized }, rule: Rule): void {
    if (this.#count === NOTED_MAX) return;
    const { field, text, start, end } = place;
    const letters = rule === 'in-a-word' || rule === 'not-as-written';
    if (letters && end - start < TELLING_UNITS_MIN && text.units[start] !== undefined && alias.latin) return;
    const written = alias.alias.text;
    this.#add({ subject: alias.subject, alias, written, field, text, start, end, rule });
  }

  /** Notes a sign of a pattern that all but met. */
  notePattern(
    subject: number,
    written: string,
    place: Place & { readonly text: Normalized },
    rule: Rule,
  ): void {
    if (this.#count === NOTED_MAX) return;
    const { field, text, start, end } = place;
    this.#add({ subject, alias: null, written, field, text, start, end, rule });
  }

  #add(one: Refused): void {
    this.#noted[this.#count] = one;
    this.#count += 1;
  }

  /**
   * The refusals worth telling beside the mentions of `found`, the most telling first: subjects that are not tagged before those
   * that are, then what came nearest to being taken. A name that stands after all in that place is no refusal.
   */
  list(gazetteer: Gazetteer, found: Mentions): readonly Refusal[] {
    const kept: Refused[] = [];
    const count = this.#sort(gazetteer, found);
    for (let at = 0; at < count && kept.length < REFUSALS_MAX; at++) {
      const one = this.#noted[(this.#order[at] ?? 0) % NOTED_MAX];
      if (one !== undefined && !isTold(one, kept)) kept.push(one);
    }
    return kept.map((one) => refusalOf(gazetteer, one));
  }

  /**
   * Writes into `#order` a number for each that is a refusal, the most telling first, and gives how many they are; the rest by
   * NOTED_MAX is its place among the noted. There are few of them, so that each is put in its place as it comes.
   */
  #sort({ taggable }: Gazetteer, found: Mentions): number {
    const order = this.#order;
    let count = 0;
    for (let place = 0; place < this.#count; place++) {
      const one = this.#noted[place];
      if (one === undefined || one.subject >= taggable || stands(one, found.of(one.subject))) continue;
      const rank = (found.has(one.subject) ? 0 : UNTAGGED_RANK) + nearnessOf(one.rule);
      const key = ((RANKS - rank) * FIELDS.length + FIELD_NUMBERS[one.field]) * NOTED_MAX + place;
      let at = count;
      for (; at > 0 && (order[at - 1] ?? 0) > key; at--) order[at] = order[at - 1] ?? 0;
      order[at] = key;
      count += 1;
    }
    return count;
  }
}

function isTold(one: Refused, kept: readonly Refused[]): boolean {
  for (const other of kept) if (isToldBy(one, other)) return true;
  return false;
}

/** Whether a refusal told already tells of this one: the same name by the same rule, or another name of the subject in that place. */
function isToldBy(one: Refused, other: Refused): boolean {
  if (one.subject !== other.subject) return false;
  if (one.written === other.written && one.rule === other.rule) return true;
  return one.field === other.field && one.start < other.end && other.start < one.end;
}

/** Whether a mention takes up the place, so that nothing was refused there. */
function stands({ field, text, start, end }: Refused, mentions: readonly Mention[]): boolean {
  const from = text.starts[start] ?? 0;
  const to = text.ends[end - 1] ?? from;
  for (const mention of mentions) {
    if (mention.field === field && mention.start < to && from < mention.end) return true;
  }
  return false;
}

function refusalOf(gazetteer: Gazetteer, refused: Refused): Refusal {
  const { field, text, start, end, written } = refused;
  const from = text.starts[start] ?? 0;
  const to = text.ends[end - 1] ?? from;
  const rule = ruleOf(gazetteer, refused);
  const id = idOf(gazetteer, refused.subject);
  return { id, field, start: from, end: to, surface: text.original.slice(from, to), alias: written, rule };
}

/** The rule, with what is only looked up for a refusal that is told. */
function ruleOf(gazetteer: Gazetteer, refused: Refused): Rule {
  if (refused.rule === 'in-other-name') return inWhich(gazetteer, refused);
  if (refused.rule !== 'condition-not-met') return refused.rule;
  // A comma parts rules.
  const asked = refused.alias?.alias.requires ?? [];
  const told = asked.filter((word) => !word.includes(',')).slice(0, ASKED_MAX);
  if (told.length === 0) return refused.rule;
  const left = asked.length - told.length;
  return `asks-for:${told.join(' or ')}${left > 0 ? ` or one of ${left} more` : ''}`;
}

function idOf({ subjects }: Gazetteer, index: number): SubjectId {
  const id = subjects[index]?.subject.id;
  if (id === undefined) throw new RangeError(`no subject has the number ${index}`);
  return id;
}

/** The rule with the name of something else that takes the place in. */
function inWhich({ subjects }: Gazetteer, { subject, text, start, end }: Refused): Rule {
  const other = subjects[subject]?.otherNames.find(({ folded }) => takesIn(text, folded, start, end));
  return `in-other-name:${other?.written ?? 'another name'}`;
}

/** Whether `name` stands in the text so that it holds [start, end). */
function takesIn({ units }: Normalized, name: string, start: number, end: number): boolean {
  for (let from = Math.max(0, end - name.length); from <= start; from++) {
    let n = 0;
    while (n < name.length && units[from + n] === name.charCodeAt(n)) n += 1;
    if (n === name.length) return true;
  }
  return false;
}
