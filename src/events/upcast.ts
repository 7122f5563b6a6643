import assert from 'node:assert/strict';
import type { AlertRaised, AlertSuppressed } from './alert.ts';
import type { AlertRaised1, AlertSuppressed2, ItemTagged2 } from './before-full-text.ts';
import type { ItemTagged3 } from './before-relevance.ts';
import { copyDigest } from './copy-digest.ts';
import { EVENT_TYPES } from './event.ts';
import type { EventOf, EventType } from './event.ts';
import { OPTIONS_OFF } from './feed.ts';
import type { FeedAdded, FeedRemoved } from './feed.ts';
import type { FeedId, RuleId } from './ids.ts';
import type { ItemTagged } from './item.ts';
import type { RuleDefined, RuleRetired } from './rule.ts';
import { upcastRuleDefinition } from './rule-condition.ts';
import type { RuleDefined1 } from './rule-condition.ts';

/** What an event carried in version `from`, as version `from + 1` carries it: pure, and never throwing. */
interface Upcaster<From, To> {
  readonly from: number;
  readonly upcast: (data: From) => To;
}
// A step takes what the step before it gives: `never`, since only the row itself knows what that is.
type Upcasters<Today> = readonly [...Upcaster<never, object>[], Upcaster<never, Today>];

/**
 * Every step from a shape that the log may hold to the next. A type without a row is in its first version. Rows are never
 * taken out, as what the log holds stays; and never changed, but for a slip that made events mean something else.
 */
export const UPCASTERS = {
  AlertRaised: [
    {
      from: 1,
      // As today: but what it rests on was never in a full text.
      upcast: (data: AlertRaised1): AlertRaised['data'] => data,
    },
  ],
  AlertSuppressed: [
    {
      from: 1,
      // Of the same shape as version 2: but the key was the normalised title itself.
      upcast: (data: AlertSuppressed2): AlertSuppressed2 => {
        const { reason } = data;
        if (reason.kind !== 'copy') return data;
        return { ...data, reason: { ...reason, copyKey: copyDigest(reason.copyKey) } };
      },
    },
    {
      from: 2,
      // As AlertRaised.
      upcast: (data: AlertSuppressed2): AlertSuppressed['data'] => data,
    },
  ],
  FeedAdded: [
    {
      from: 1,
      // There was nothing to choose: no page was fetched, and the address guard let no feed pass.
      upcast: (data: Omit<FeedAdded['data'], 'options'>): FeedAdded['data'] => ({
        ...data,
        options: OPTIONS_OFF,
      }),
    },
  ],
  FeedRemoved: [
    {
      from: 1,
      // Before people could do so by hand, only a dossier ended anything.
      upcast: (data: { readonly feed: FeedId; readonly reason: string }): FeedRemoved['data'] => ({
        ...data,
        cause: 'dossier',
      }),
    },
  ],
  ItemTagged: [
    {
      from: 1,
      // As AlertSuppressed.
      upcast: (data: ItemTagged2): ItemTagged2 => ({ ...data, copyKey: copyDigest(data.copyKey) }),
    },
    {
      from: 2,
      // There were no full texts.
      upcast: (data: ItemTagged2): ItemTagged3 => ({ ...data, text: null }),
    },
    {
      from: 3,
      // Nobody had asked how relevant an item is or what it reports, and what was refused was forgotten.
      upcast: (data: ItemTagged3): ItemTagged['data'] => ({
        ...data,
        relevance: null,
        event: null,
        refused: [],
        model: '',
      }),
    },
  ],
  RuleDefined: [
    {
      from: 1,
      upcast: (data: RuleDefined1): RuleDefined['data'] => ({
        ...data,
        definition: upcastRuleDefinition(data.definition),
      }),
    },
  ],
  RuleRetired: [
    {
      from: 1,
      upcast: (data: {
        readonly rule: RuleId;
        readonly version: string;
        readonly reason: string;
      }): RuleRetired['data'] => ({ ...data, cause: 'dossier' }),
    },
  ],
} as const satisfies { readonly [Type in EventType]?: Upcasters<EventOf<Type>['data']> };

/** The steps of one type as they are run: the one at `from - 1` takes version `from`. */
type Chain = readonly ((data: object) => object)[];

/**
 * The steps by type, for all of `types`. Throws where a type is none of those, and where versions are not counted from 1
 * without a gap: what was kept in the one that is left out could not be read.
 */
export function chainsOf(
  types: readonly string[],
  upcasters: Readonly<Record<string, readonly Upcaster<never, object>[]>>,
): ReadonlyMap<string, Chain> {
  const chains = new Map<string, Chain>(types.map((type) => [type, []]));
  for (const [type, steps] of Object.entries(upcasters)) {
    assert(chains.has(type), `upcasters of ${type}, which is no event type`);
    steps.forEach(({ from }, index) => {
      assert.equal(
        from,
        index + 1,
        `${type}: the upcaster from version ${index + 1} is missing, found one from ${from}`,
      );
    });
    // The log's door took only events in the shape of their version, and each step gives what the next one takes.
    chains.set(
      type,
      steps.map((step) => step.upcast as Chain[number]),
    );
  }
  return chains;
}

const CHAINS = chainsOf(EVENT_TYPES, UPCASTERS);

/** The version of each type's shape that this build writes, and up to which it reads. */
export const VERSIONS: ReadonlyMap<string, number> = new Map(
  [...CHAINS].map(([type, chain]) => [type, chain.length + 1]),
);

/** The version that events of this type are written in. */
export function schemaVersionOf(type: EventType): number {
  const version = VERSIONS.get(type);
  if (version === undefined) throw new Error(`${type} is missing in EVENT_TYPES`);
  return version;
}

/** Data of version `from` after all the steps that are left; null where that is no version of this chain. */
export function climb(chain: Chain, from: number, data: object): object | null {
  if (from < 1 || from > chain.length + 1) return null;
  // Nearly every event is of today: nothing is made for it.
  return from > chain.length ? data : chain.slice(from - 1).reduce((kept, step) => step(kept), data);
}

/** What an event carried in version `from`, in the shape of today; null when this build does not know type or version. */
export function upcast(type: string, from: number, data: object): object | null {
  const chain = CHAINS.get(type);
  return chain === undefined ? null : climb(chain, from, data);
}
