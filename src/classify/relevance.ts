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

/** What a dossier says of its subjects, by their ids. */
export function stakesOf(
  subjects: readonly {
    readonly id: SubjectId;
    readonly importance: number;
    readonly side: SubjectId | null;
  }[],
): ReadonlyMap<SubjectId, Stake> {
  return new Map(subjects.map(({ id, importance, side }) => [id, { importance, side: side ?? id }]));
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

interface Said {
  readonly id: SubjectId;
  readonly share: number;
  readonly side: SubjectId;
}

const round = (share: number): number => Math.round(share * 1000) / 1000;

/** What the tags of one item say, gathered in one pass over them. */
class Voices {
  topic: Said | null = null;
  /** Of entities, the one that says most. */
  first: Said | null = null;
  /** The one that says most of those of other sides than the first. */
  second: Said | null = null;

  hearTopic(one: Said): void {
    if (this.topic === null || one.share > this.topic.share) this.topic = one;
  }

  hearEntity(one: Said): void {
    const { first, second } = this;
    if (first === null || one.share > first.share) {
      // The one before says most of other sides now, unless it is of this side.
      if (first !== null && first.side !== one.side) this.second = first;
      this.first = one;
    } else if (one.side !== first.side && (second === null || one.share > second.share)) this.second = one;
  }
}

function alone(said: Said | null): { readonly share: number; readonly id: SubjectId | null } {
  return said === null ? { share: 0, id: null } : { share: said.share, id: said.id };
}

/** The two that say most together, of different sides. */
function pairOf({ first, second }: Voices): Relevance['pair'] {
  if (first === null || second === null) return { share: 0, ids: [] };
  return { share: Math.sqrt(first.share * second.share), ids: [first.id, second.id] };
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
export function relevanceOf(tags: readonly Tag[], stakeOf: (id: SubjectId) => Stake): Relevance {
  const voices = new Voices();
  for (const { id, kind, salience } of tags) {
    const { importance, side } = stakeOf(id);
    const said = { id, side, share: salience * importance };
    if (ENTITY_KINDS.has(kind)) voices.hearEntity(said);
    else voices.hearTopic(said);
  }
  const topic = alone(voices.topic);
  const pair = pairOf(voices);
  const entity = alone(voices.first);
  const value = 1 - (1 - topic.share) * (1 - pair.share) * (1 - ALONE_SHARE * entity.share);
  return { value: round(value), topic, pair, alone: entity };
}
