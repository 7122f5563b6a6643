import type { SubjectId } from '../events/ids.ts';
import { REFUSALS_MAX } from '../events/item.ts';
import type { Field, Mention, Refusal } from '../events/item.ts';
import type { CompiledAlias, Gazetteer } from './gazetteer.ts';
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
const NEARNESS: Partial<Record<RuleName, number>> = {
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
};

const nameOf = (rule: Rule): RuleName => rule.split(/[:,]/, 1)[0] as RuleName;

const FIELD_ORDER: Readonly<Record<Field, number>> = { title: 0, text: 1, body: 2 };

/** What was considered in one item and not taken. */
export class Refusals {
  readonly #noted: Refused[] = [];

  /** Notes a name that is not taken: cheap, since texts name much that is none. */
  note(alias: CompiledAlias, place: Place & { readonly text: Normalized }, rule: Rule): void {
    if (this.#noted.length >= NOTED_MAX) return;
    const { field, text, start, end } = place;
    const letters = rule === 'in-a-word' || rule === 'not-as-written';
    if (letters && end - start < TELLING_UNITS_MIN && text.units[start] !== undefined && alias.latin) return;
    const written = alias.alias.text;
    this.#noted.push({ subject: alias.subject, alias, written, field, text, start, end, rule });
  }

  /** Notes a sign of a pattern that all but met. */
  notePattern(
    subject: number,
    written: string,
    place: Place & { readonly text: Normalized },
    rule: Rule,
  ): void {
    if (this.#noted.length >= NOTED_MAX) return;
    const { field, text, start, end } = place;
    this.#noted.push({ subject, alias: null, written, field, text, start, end, rule });
  }

  /**
   * The refusals worth telling beside the mentions of `found`, the most telling first: subjects that are not tagged before those
   * that are, then what came nearest to being taken. A name that stands after all in that place is no refusal.
   */
  list(gazetteer: Gazetteer, found: ReadonlyMap<number, readonly Mention[]>): readonly Refusal[] {
    const rank = (one: Refused): number =>
      (found.has(one.subject) ? 0 : 10) + (NEARNESS[nameOf(one.rule)] ?? 1);
    const sorted = this.#noted
      .filter((one) => one.subject < gazetteer.taggable && !stands(one, found.get(one.subject) ?? []))
      .map((one, order) => ({ one, order }))
      .sort(
        (a, b) =>
          rank(b.one) - rank(a.one) ||
          FIELD_ORDER[a.one.field] - FIELD_ORDER[b.one.field] ||
          a.order - b.order,
      );
    const kept: Refused[] = [];
    for (const { one } of sorted) {
      if (kept.length === REFUSALS_MAX) break;
      if (!kept.some((other) => isToldBy(one, other))) kept.push(one);
    }
    return kept.map((one) => refusalOf(gazetteer, one));
  }
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
  return mentions.some((mention) => mention.field === field && mention.start < to && from < mention.end);
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
  const asked = refused.alias?.alias.requires.filter((word) => !word.includes(',')) ?? [];
  return asked.length === 0 ? refused.rule : `asks-for:${asked.slice(0, ASKED_MAX).join(' or ')}`;
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
