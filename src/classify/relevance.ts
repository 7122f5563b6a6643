import type { SubjectId } from '../events/ids.ts';
import type { SubjectKind, Tag } from '../events/item.ts';

/** What an item says of the dossier by naming one of its entities and nothing else, of what it says by a pair of them. */
export const ALONE_SHARE = 0.3;

/** What the formula asks of a subject. */
export interface Stake {
  /** 0..1: how much an item about it is of the dossier. */
  readonly importance: number;
  /** For whom it stands: the country of a person. Itself where the dossier says nothing. */
  readonly side: SubjectId;
}

/** What of a subject its stake is made of. */
interface StakeholderSubject {
  readonly id: SubjectId;
  readonly importance: number;
  readonly side: SubjectId | null;
}

/** What a dossier says of a subject. */
export function stakeOf({ id, importance, side }: StakeholderSubject): Stake {
  return { importance, side: side ?? id };
}

/** What a dossier says of its subjects, by their ids. */
export function stakesOf(subjects: readonly StakeholderSubject[]): ReadonlyMap<SubjectId, Stake> {
  return new Map(subjects.map((subject) => [subject.id, stakeOf(subject)]));
}

/** The parts of a relevance, each 0..1, and what it rests on. */
export interface Relevance {
  readonly value: number;
  /** Of its topic, agreement, measure or policy that says most. */
  readonly topic: { readonly share: number; readonly id: SubjectId | null };
  /** Of the two entities of different sides that say most together. */
  readonly pair: { readonly share: number; readonly ids: readonly SubjectId[] };
  /** Of the entity that says most. */
  readonly alone: { readonly share: number; readonly id: SubjectId | null };
}

const ENTITY_KINDS: ReadonlySet<SubjectKind> = new Set(['person', 'place', 'organisation', 'country']);

const round = (share: number): number => Math.round(share * 1000) / 1000;

/** A tag that may be the one that says most. */
class Voice {
  id: SubjectId | null = null;
  side: SubjectId | null = null;
  share = 0;

  begin(): void {
    this.id = null;
    this.share = 0;
  }

  set(id: SubjectId, side: SubjectId | null, share: number): void {
    this.id = id;
    this.side = side;
    this.share = share;
  }

  /** Whether one that says so much says more: of equals the first stays. */
  isBelow(share: number): boolean {
    return this.id === null || share > this.share;
  }

  alone(): { readonly share: number; readonly id: SubjectId | null } {
    return { share: this.share, id: this.id };
  }
}

/** What the tags of an item say together; one item after the other is heard in the same place. See relevanceOf. */
export class Voices {
  readonly #topic = new Voice();
  /** Of entities, the one that says most, and the one that says most of those of other sides. */
  readonly #first = new Voice();
  readonly #second = new Voice();

  /** Forgets the item before. */
  begin(): void {
    this.#topic.begin();
    this.#first.begin();
    this.#second.begin();
  }

  hear(id: SubjectId, kind: SubjectKind, salience: number, { importance, side }: Stake): void {
    const share = salience * importance;
    if (ENTITY_KINDS.has(kind)) this.#hearEntity(id, side, share);
    else if (this.#topic.isBelow(share)) this.#topic.set(id, side, share);
  }

  #hearEntity(id: SubjectId, side: SubjectId, share: number): void {
    const first = this.#first;
    if (first.isBelow(share)) {
      // The one before says most of other sides now, unless it is of this side.
      if (first.id !== null && first.side !== side) this.#second.set(first.id, first.side, first.share);
      first.set(id, side, share);
    } else if (side !== first.side && this.#second.isBelow(share)) this.#second.set(id, side, share);
  }

  /** How much the item is of the dossier. */
  value(): number {
    const left = (1 - this.#topic.share) * (1 - this.#pairShare()) * (1 - ALONE_SHARE * this.#first.share);
    return round(1 - left);
  }

  /** The two that say most together, of different sides. */
  #pairShare(): number {
    return this.#second.id === null ? 0 : Math.sqrt(this.#first.share * this.#second.share);
  }

  /** The same with what it rests on. */
  relevance(): Relevance {
    const { id: first } = this.#first;
    const { id: second } = this.#second;
    return {
      value: this.value(),
      topic: this.#topic.alone(),
      pair: { share: this.#pairShare(), ids: first === null || second === null ? [] : [first, second] },
      alone: this.#first.alone(),
    };
  }
}

/**
 * How much an item is of the dossier, 0..1, rounded to three digits. Every tag says salience × importance of its subject. Then
 *
 *     1 − (1 − t) × (1 − p) × (1 − 0.3 × a)
 *
 * where t is what the topic (agreement, measure, policy) says that says most; p the geometric mean of what the best two entities
 * of different sides say (Tokyo and Beijing, and not Japan and its prime minister); and a what the best entity says. Each is 0
 * where there is none: an item without tags has the relevance 0, one about a pair of the dossier's countries and one of its
 * topics nears 1, and one that names a single country in passing stays below 0.1.
 */
export function relevanceOf(tags: readonly Tag[], of: (id: SubjectId) => Stake): Relevance {
  const voices = new Voices();
  for (const { id, kind, salience } of tags) voices.hear(id, kind, salience, of(id));
  return voices.relevance();
}
