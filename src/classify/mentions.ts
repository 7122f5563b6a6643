import type { Field, Mention } from '../events/item.ts';
import type { Normalized } from './normalize.ts';
import type { Rule } from './rules.ts';

/** A place in units of a normalised field. */
interface Place {
  readonly field: Field;
  readonly start: number;
  readonly end: number;
}

/** A mention in the original's offsets. */
export function mentionAt(
  text: Normalized,
  { field, start, end }: Place,
  alias: string,
  rule: Rule,
): Mention {
  const from = text.starts[start] ?? 0;
  const to = text.ends[end - 1] ?? from;
  return { start: from, end: to, surface: text.original.slice(from, to), field, alias, rule };
}

const NONE: readonly Mention[] = [];

/** The mentions of an item by the numbers of their subjects; one item after the other is kept in the same place. */
export class Mentions {
  readonly #bySubject: (Mention[] | undefined)[];
  /** The subjects that have some, in the order in which they came: the first `#count` count. */
  readonly #subjects: Uint32Array;
  #count = 0;

  constructor(subjects: number) {
    this.#bySubject = Array.from({ length: subjects });
    this.#subjects = new Uint32Array(subjects);
  }

  /** Forgets the item before. */
  begin(): void {
    for (let n = 0; n < this.#count; n++) this.#bySubject[this.#subjects[n] ?? 0] = undefined;
    this.#count = 0;
  }

  add(subject: number, mention: Mention): void {
    const list = this.#bySubject[subject];
    if (list === undefined) {
      this.#bySubject[subject] = [mention];
      this.#subjects[this.#count] = subject;
      this.#count += 1;
    } else list.push(mention);
  }

  /** In the order in which they came. */
  of(subject: number): readonly Mention[] {
    return this.#bySubject[subject] ?? NONE;
  }

  has(subject: number): boolean {
    return this.#bySubject[subject] !== undefined;
  }

  /** How many subjects have some. */
  get count(): number {
    return this.#count;
  }

  /** The number of the subject that came so many subjects after the first. */
  subjectAt(place: number): number {
    return this.#subjects[place] ?? 0;
  }
}
