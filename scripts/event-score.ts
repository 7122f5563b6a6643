import type { Tagger } from '../src/classify/tagger.ts';
import type { ReportedEvent } from '../src/events/item.ts';
import type { EventExample } from './event-training.ts';

/** How well events are told on labelled examples. */
export interface EventScore {
  /** The mean of the F1 of the types in the examples, `none` among them. */
  readonly macroF1: number;
  /** Of the examples that say who or whom: how many have both sides right, as far as the labels say. */
  readonly parties: { readonly right: number; readonly of: number };
  /** `id: expected → got`, of types and of parties. */
  readonly wrong: readonly string[];
}

/** A day on which the offices of the examples are held as they say. */
const DAY = '2026-02-01';

const NONE = 'none';

function f1Of(type: string, pairs: readonly (readonly [string, string])[]): number {
  const both = pairs.filter(([gold, got]) => gold === type && got === type).length;
  const either = pairs.filter(([gold, got]) => gold === type || got === type).length;
  return either === 0 ? 0 : (2 * both) / (both + either);
}

/** The same parties, where the label names a person and the event its country too. */
function isSame(
  gold: readonly string[] = [],
  got: readonly string[],
  sideOf: (id: string) => string,
): boolean {
  const wanted = new Set(gold.flatMap((id) => [id, sideOf(id)]));
  return wanted.size === new Set(got).size && got.every((id) => wanted.has(id));
}

/** What a tagger says of an example. */
interface Answer {
  readonly example: EventExample;
  readonly event: ReportedEvent | null;
}

const typesOf = ({ example, event }: Answer): readonly [string, string] => [
  example.type ?? NONE,
  event?.type ?? NONE,
];

const partiesText = (from: readonly string[] = [], to: readonly string[] = []): string =>
  `${from.join('+')} > ${to.join('+')}`;

function arePartiesRight({ example, event }: Answer, sideOf: (id: string) => string): boolean {
  if (event === null) return false;
  return isSame(example.from, event.from, sideOf) && isSame(example.to, event.to, sideOf);
}

/** Scores a tagger on examples of a language; `sideOf` says for whom a subject stands. */
export function scoreEvents(
  examples: readonly EventExample[],
  tagger: Tagger,
  lang: string,
  sideOf: (id: string) => string,
): EventScore {
  const answers = examples.map((example): Answer => {
    const { title, text } = example;
    return { example, event: tagger.tag({ title, text, lang, date: DAY }).event };
  });
  const pairs = answers.map(typesOf);
  const shown = answers.filter(({ example }) => example.from !== undefined || example.to !== undefined);
  const wrongParties = shown.filter((answer) => !arePartiesRight(answer, sideOf));
  const types = [...new Set(pairs.map(([gold]) => gold))];
  return {
    macroF1: types.reduce((sum, type) => sum + f1Of(type, pairs), 0) / types.length,
    parties: { right: shown.length - wrongParties.length, of: shown.length },
    wrong: [
      ...answers
        .filter((answer) => typesOf(answer)[0] !== typesOf(answer)[1])
        .map((answer) => `${answer.example.id}: ${typesOf(answer).join(' → ')}`),
      ...wrongParties.map(
        ({ example: { id, from, to }, event }) =>
          `${id}: ${partiesText(from, to)} → ${event === null ? NONE : partiesText(event.from, event.to)}`,
      ),
    ],
  };
}
