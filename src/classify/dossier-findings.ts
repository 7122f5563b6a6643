import type { Alias, Dossier, Subject } from '../dossier/dossier.ts';
import { overlap } from '../dossier/subjects.ts';
import type { SubjectId } from '../events/ids.ts';
import { primaryOf } from './language.ts';
import { foldedText } from './normalize.ts';
import { probe } from './probe.ts';
import { ruleText } from './rules.ts';
import { HAN, HANGUL, HIRAGANA, KATAKANA, classOf } from './script.ts';
import { createTagger } from './tagger.ts';

/**
 * - collision: a name of several entities, of which not all are tagged by it, or which are of different kinds and not all in its words
 * - shared: a name of several entities, all of which are tagged by it and may well be meant
 * - shadowed: a name that another of the same entity makes needless
 * - never: a name that no text can hold in a way that it is taken
 */
export type FindingKind = 'collision' | 'shared' | 'shadowed' | 'never';

/** Something of an alias that its author should know. */
export interface Finding {
  readonly kind: FindingKind;
  readonly subject: SubjectId;
  readonly alias: Alias;
  readonly message: string;
}

type Checked = Pick<Dossier, 'subjects'> & Partial<Pick<Dossier, 'rivals' | 'publishers'>>;

interface Owned {
  readonly subject: Subject;
  readonly alias: Alias;
}

const EAST_ASIAN = new Set([HAN, HANGUL, HIRAGANA, KATAKANA]);

/** Names of one character stand in compounds, and in no plain text. */
function isSign(text: string): boolean {
  const folded = foldedText(text);
  return folded.length === 1 && EAST_ASIAN.has(classOf(folded.charCodeAt(0)));
}

const ownedIn = ({ subjects }: Checked): Owned[] =>
  subjects.flatMap((subject) => subject.aliases.map((alias) => ({ subject, alias })));

/** Names by what texts would have to hold for them, in one language: Chinese in its two scripts is one. */
function byText(owned: readonly Owned[]): Map<string, Owned[]> {
  const groups = new Map<string, Owned[]>();
  for (const one of owned) {
    const key = `${primaryOf(one.alias.lang) ?? ''} ${foldedText(one.alias.text)}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return groups;
}

const isCertain = ({ requires, excludes, weight, notIn, unlessFollowedBy }: Alias): boolean =>
  requires.length + excludes.length + notIn.length + unlessFollowedBy.length === 0 && weight >= 1;

/** Whether `other` counts wherever `alias` does. */
function isNeedless(alias: Alias, other: Alias): boolean {
  if (other === alias || !isCertain(other) || other.exactCase || isCertain(alias)) return false;
  const covers =
    (other.from ?? '') <= (alias.from ?? '') && (alias.until ?? '9999') <= (other.until ?? '9999');
  return covers && other.lang === alias.lang;
}

function shadowed(group: readonly Owned[]): Finding[] {
  return group.flatMap(({ subject, alias }): Finding[] => {
    const twin = group.find((other) => other.subject === subject && isNeedless(alias, other.alias));
    if (twin === undefined) return [];
    const message = `${twin.alias.text} counts without a condition, so the conditions of ${alias.text} count for nothing`;
    return [{ kind: 'shadowed', subject: subject.id, alias, message }];
  });
}

/** Whether the name holds a shorter one of the same subject: 日首相 has 日, and Andong nothing of South Korea. */
function holdsAnother({ subject, alias }: Owned): boolean {
  const folded = foldedText(alias.text);
  return subject.aliases.some((other) => {
    const part = foldedText(other.text);
    return part !== '' && part.length < folded.length && folded.includes(part);
  });
}

/** Whether several can be meant by one name: subjects of one kind, or words that hold the name of one: 日나라. */
function isMeant(group: readonly Owned[]): boolean {
  const kinds = new Set(group.map(({ subject }) => subject.kind));
  return kinds.size === 1 || group.some(holdsAnother);
}

/** What a name of several entities comes to, as the tagger itself decides it. */
function shared(
  group: readonly Owned[],
  tagger: ReturnType<typeof createTagger>,
  dossier: Checked,
): Finding[] {
  // By itself, where one of them is a name by itself.
  const first = group.find(({ alias: { requires } }) => requires.length === 0) ?? group[0];
  if (first === undefined) return [];
  const { subject, alias } = first;
  const others = group.filter((other) => other.subject !== subject && overlap(other.alias, alias));
  if (others.length === 0) return [];
  const owners = [...new Set([subject, ...others.map((other) => other.subject)].map(({ id }) => id))];
  const probed = probe(tagger, dossier, subject.id, alias);
  const taken = probed.kind === 'taken' ? owners.filter((id) => probed.subjects.includes(id)) : [];
  const all = taken.length === owners.length;
  const meant = all && isMeant([first, ...others]);
  const decided = all
    ? `all of them are tagged${meant ? '' : ', which are of different kinds'}`
    : taken.length === 0
      ? 'none of them is tagged'
      : `${taken.join(', ')} ${taken.length === 1 ? 'is' : 'are'} tagged`;
  const where = alias.requires.length === 0 ? 'by itself' : 'beside what it asks for';
  const message = `${alias.text} is a name of ${owners.join(', ')}; ${where}, ${decided}`;
  return [{ kind: meant ? 'shared' : 'collision', subject: subject.id, alias, message }];
}

/** Names that the tagger takes in no plain text, though all they ask for is there. */
function never(
  owned: readonly Owned[],
  tagger: ReturnType<typeof createTagger>,
  dossier: Checked,
): Finding[] {
  return owned.flatMap(({ subject, alias }): Finding[] => {
    // Weak signs are never enough by themselves.
    if (isSign(alias.text) || alias.weight < 1) return [];
    const probed = probe(tagger, dossier, subject.id, alias);
    if (probed.kind === 'taken') return [];
    const why = probed.rules.map(ruleText).join('; ');
    const message = `${alias.text} is not taken for ${subject.id} in the plainest of texts${why === '' ? '' : `: ${why}`}`;
    return [{ kind: 'never', subject: subject.id, alias, message }];
  });
}

/**
 * What is odd about the names of a dossier that can be used: each is tried on plain texts by the very tagger that it makes. Takes half
 * a millisecond a name.
 */
export function findingsOf(dossier: Checked): Finding[] {
  const tagger = createTagger(dossier);
  const owned = ownedIn(dossier);
  const groups = [...byText(owned).values()];
  return [
    ...groups.flatMap((group) => shared(group, tagger, dossier)),
    ...groups.flatMap(shadowed),
    ...never(owned, tagger, dossier),
  ];
}
