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

function most(said: readonly Said[]): { readonly share: number; readonly id: SubjectId | null } {
  const first = said.reduce<Said | null>(
    (best, one) => (best === null || one.share > best.share ? one : best),
    null,
  );
  return first === null ? { share: 0, id: null } : { share: first.share, id: first.id };
}

/** The two that say most together, of different sides: the best of each side, and of those the best two. */
function bestPair(entities: readonly Said[]): Relevance['pair'] {
  const bySide = new Map<SubjectId, Said>();
  for (const one of entities) {
    const best = bySide.get(one.side);
    if (best === undefined || one.share > best.share) bySide.set(one.side, one);
  }
  const [first, second] = [...bySide.values()].sort((a, b) => b.share - a.share);
  if (first === undefined || second === undefined) return { share: 0, ids: [] };
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
  const said = tags.map(({ id, kind, salience }) => {
    const { importance, side } = stakeOf(id);
    return { id, kind, side, share: salience * importance };
  });
  const entities = said.filter(({ kind }) => ENTITY_KINDS.has(kind));
  const topic = most(said.filter(({ kind }) => !ENTITY_KINDS.has(kind)));
  const [pair, alone] = [bestPair(entities), most(entities)];
  const value = 1 - (1 - topic.share) * (1 - pair.share) * (1 - ALONE_SHARE * alone.share);
  return { value: round(value), topic, pair, alone };
}
